export { checkPublication, documentIn, proofIn, PublicationInvalid } from './check';
export type { Checked, FaultOfPublication, PublicationFiles } from './check';
export { figureId, nameOfFigure, REGION, tableOf } from './table';
