import { nothingInWords, type PeriodNow } from './why-nothing';

const publication = { number: 7, state: 'CURRENT', withdrawal: null };
const withdrawn = {
  number: 7,
  state: 'WITHDRAWN',
  withdrawal: { at: '2026-11-02T10:00:00.000Z', inWords: 'some of its figures are wrong' },
};
const round = { state: 'OPEN', closes: '2026-10-29', publishesAt: null, heldBecause: null };
const at = '2026-11-05T09:30:00.000Z';

test.each<[string, PeriodNow, string]>([
  ['no round', {}, 'no round of it was opened'],
  ['an open one', { round }, 'its round is open, ends on 2026-10-29, and is published when its lead asks for it'],
  [
    'one with a moment',
    { round: { ...round, state: 'CLOSED', publishesAt: at } },
    `its round is closed, ends on 2026-10-29, and is published on ${at}`,
  ],
  ['one that compiles', { round: { ...round, state: 'COMPILING', publishesAt: at } }, `its edition appears on ${at}`],
  [
    'a held one',
    { round: { ...round, state: 'HELD', heldBecause: 'PUBLICATION_UNSAFE' } },
    'its round is held (PUBLICATION_UNSAFE): nothing has left; `hub round held` tells its leads what would help',
  ],
  [
    'what is not shared',
    { publication, round: { ...round, state: 'PUBLISHED' } },
    'publication 7 stands, and nothing of it that you ask for is shared with you',
  ],
  [
    'a withdrawn one',
    { publication: withdrawn, round: { ...round, state: 'PUBLISHED' } },
    'publication 7 was withdrawn on 2026-11-02, because some of its figures are wrong; its round has not been opened again',
  ],
  [
    'a withdrawn one, to whom no round is told',
    { publication: withdrawn },
    'publication 7 was withdrawn on 2026-11-02, because some of its figures are wrong',
  ],
  [
    'a withdrawn one whose round is open again',
    { publication: withdrawn, round: { ...round, publishesAt: at } },
    `publication 7 was withdrawn on 2026-11-02, because some of its figures are wrong; its round is open, ends on 2026-10-29, and is published on ${at}`,
  ],
])('where nothing is read it is said why: %s', (_, now, words) => {
  expect(nothingInWords(now)).toBe(words);
});
