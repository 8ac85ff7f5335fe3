/** What the schema says of fields that stand in several answers about a region. */

export const NOTES =
  'What the authority says of how its figures compare; empty where it says nothing, and of the region.';
export const COVERAGE =
  'Of the region’s: how many authorities stand in it, of how many: `11 of 12`. Null for an authority.';
export const GAPS =
  'Which periods that are looked back at are missing, and why, a sentence each: never published, withdrawn since when, not collected, or not shown to this reader.';
export const HANDLING =
  'The line to print on every page that shows it, from the agreement by which the reader is shown it.';
export const SHOWS = 'In words, whom it shows, and why not more.';
export const PRESENTATION = 'How much of the authorities the agreement lets the reader see.';
export const QUESTIONS = 'What a peer asks of such a figure; empty where the dataset has no questions.';
export const WHOSE = 'The authority; null: the region.';
