export { printedTable, tableAsPrinted, withOwn } from './printed';
export type { PrintedCell, PrintedTable } from './printed';
export { outerIntervals } from './intervals';
export type { Interval } from './intervals';
export { NoTableFound, readersProof } from './proof';
export type { ReadersProof } from './proof';
export { outerIntervalsInThread, readersProofsInThread } from './thread';
export { proofTogether, tablesApart } from './apart';
