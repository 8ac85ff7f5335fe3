export {
  parseNationalMap,
  readNational,
  type NationalFigure,
  type NationalMap,
  type NationalRelease,
  type NationalSum,
} from './read';
export { whatItGivesAway, type Intervals, type Opened } from './opens';
