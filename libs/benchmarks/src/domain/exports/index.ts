export { EesFiles, eesTime, UNKNOWN } from './ees';
export * from './ees-checks';
export * from './table';
export * from './workbook';
