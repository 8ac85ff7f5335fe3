export { checkOwn, checkPublication, documentIn, proofIn, PublicationInvalid } from './check';
export type { Checked, FaultOfPublication, OwnChecked, PublicationFiles } from './check';
export { figureId, nameOfFigure, REGION, tableOf } from './table';
