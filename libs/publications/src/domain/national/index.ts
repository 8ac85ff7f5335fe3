export {
  narrowed,
  nationalDigest,
  parseNationalMap,
  readNational,
  type NationalFigure,
  type NationalMap,
  type NationalRelease,
  type NationalSum,
} from './read';
export { nationalBonds, printedNationally, shownBy, sumsOf, touchedBy } from './book';
