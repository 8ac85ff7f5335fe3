export { Book, bondKey, countOf, type KnownSum, type Release } from './book';
export { certificateIn, keptOf, type KeptDecision } from './kept';
export { decisionFor, jointProblem, ReleaseGone, type Joint } from './joint';
export { nameInBook, type Named } from './named';
export { inTimeOf, restBetween, type InTime } from './periods';
export { protectEdition, releaseOf, type EditionInput, type ProtectedEdition, type RefusedEdition } from './edition';
export { startFrom, type Decided } from './start';
export { asOthersPrint } from './others';
export { placesOf, touching, type Head } from './touching';
