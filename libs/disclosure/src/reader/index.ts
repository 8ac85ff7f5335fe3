export { printedTable, tableAsPrinted, withOwn } from './printed';
export type { PrintedCell, PrintedTable } from './printed';
export { outerIntervals } from './intervals';
export type { Interval } from './intervals';
export { NoTableFound, readersProof } from './proof';
export type { Hint, ReadersProof } from './proof';
export { outerIntervalsInThread, outerIntervalsInThreads, readersProofsInThreads } from './in-threads';
export type { ToProve } from './in-threads';
export { proofApart, proofTogether, tablesApart } from './apart';
