export { contractsFolder } from './folder';
export { refusals, type Kind, type RefusalCode } from './refusals';
export { rules, type QueryCode, type Rules, type RuleText, type Stock } from './return-rules';
