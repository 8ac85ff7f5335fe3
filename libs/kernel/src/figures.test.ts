import fc from 'fast-check';
import { figureIn, holdsSmallNumber } from './figures';

/** As authorities write them: of definitions, systems and dates, and of no figure. */
const HONEST = [
  'We count a re-referral within six months.',
  'A re-referral is counted within 12 months of the last closure, as the Department counts it.',
  'From April 2025 contacts are recorded at the front door before they become referrals.',
  'Since 2024-25 every contact is recorded as a referral.',
  'The recording system changed in Q3 2024; earlier quarters do not compare.',
  'New case management system from 1 October 2024. Data migrated in two stages.',
  'Section 47 enquiries are counted when the strategy discussion ends, not when it begins.',
  'Assessments under section 17 and section 47 are counted once.',
  'Contacts about one household on the same day count as one contact.',
  'RF01 leaves out contacts that were closed with information and advice.',
  'A child with more than one plan in the quarter is counted once.',
  'Unborn children are included from 2025-Q1.',
  'The upgrade to version 12.1 moved the date of decision; 2024/25 and 2025/26 differ.',
  'Timeliness is measured in working days: 45 days from referral, as in Working Together.',
  'Children aged 16 and 17 who are homeless are recorded by housing first.',
  'The figures are for children aged 0 to 17; 16 and 17 year olds in custody are left out.',
  'Both the old and the new system were in use until May 2025.',
  'Figures for the first half of the year were entered late because of staff shortages.',
  'Our two front doors became a single team in summer 2023.',
  'Rates are per 10,000 children, by the estimate of 2023.',
  'The definition of an initial conference follows Part 3 of the census guidance.',
  'Strategy discussions held by telephone are counted since January.',
  'Over 18s in the care of the authority are left out; see table 4 of the guidance.',
  'A change of postcode boundaries moved some schools to us; the population is as before.',
  'Repeat plans are counted within 24 months, and not at any time as in earlier years.',
  'The drop in 2025-Q2 is a backlog of entry and was made good by 30 June.',
  'Fathers’ workers and early help are in one team now; the thresholds did not change.',
  'The s47 threshold of the 0-17 population, form C100 and release 24.1 did not change.',
  'Since Covid-19 and from April 1st on we sent nil returns of it. ▪ None of our teams uses it.',
  'COVID-19 closed schools, and education made fewer contacts in 2020.',
];
test.each(HONEST)('states no figure: %s', (text) => expect(figureIn(text)).toBeUndefined());

test.each([
  ['Ours is 24 after the move', 3],
  ['The hidden count in our first band is 4.', 9],
  ['Sexual abuse: 3. Neglect: 41.', 3],
  ['Our figure for this was 3, which the hub hides.', 6],
  ['Ours is {a} less 5.', 3],
  ['Our figure is the region’s less 182.', 7],
  ['Ours is twice {a}.', 3],
  ['Ours is {a} minus {b}.', 3],
  ['Children went down. There were 3.', 6],
  ['Children went down. There were three.', 6],
  ['There were three last year.', 3],
  ['Section 4 girls', 2],
  ['In week 4 girls were moved.', 3],
  ['In that week 4 were moved.', 4],
  ['In 2024 there were 2024.', 5],
  ['Of 2024 children none moved.', 2],
  ['It fell in 2024/41.', 4],
  ['There were 3 or so, 12 months later.', 3],
  ['There were 3, 16 and 17 year olds too.', 3],
  ['They rose by 12 %.', 4],
  ['They rose by 12.5 per cent.', 4],
  ['It is half of our referrals.', 3],
  ['It was a lone child.', 4],
  ['It was the only sibling.', 3],
  ['Both girls have moved.', 1],
  ['A couple of them moved.', 1],
  ['Half a dozen were counted twice.', 3],
  ['IV children moved.', 1],
  ['Our girls: IV', 2],
  ['Girls: IV', 1],
  ['On 4 May be it.', 2],
  ['❸ moved', 1],
  ['Ours is 12345678.', 3],
  ['Ours is zero after the move.', 3],
  ['There were no children.', 2],
  ['We had none.', 2],
  ['Ours was nil.', 2],
  ['There was one.', 2],
  ['It was twentyfour.', 3],
  ['There were XXIV girls.', 3],
])('%s states one', (text, word) => expect(figureIn(text)).toBe(word));

/** Digits as they are written elsewhere, by their zero. */
const scripts: ((n: number) => string)[] = [
  String,
  (n) => `00${n}`,
  (n) => `${n}.0`,
  ...[0xff10, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1d7ce, 0x1d7f6].map(
    (zero) => (n: number) => [...String(n)].map((digit) => String.fromCodePoint(zero + Number(digit))).join(''),
  ),
  (n) => [...String(n)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join(''),
  (n) => [...String(n)].map((digit) => (digit === '0' ? '⓪' : String.fromCodePoint(0x245f + Number(digit)))).join(''),
  (n) => [...String(n)].join('\u200b'),
];
const carriers: ((n: string) => string)[] = [
  (n) => n,
  (n) => `Ours is ${n}.`,
  (n) => `Ours is ${n} after the move`,
  (n) => `Since April 2025 it is ${n}, as before.`,
  (n) => `Neglect: ${n}. Others as printed.`,
  (n) => `{a} less ${n}`,
  (n) => `(${n})`,
  (n) => `£${n}`,
  (n) => `We had ${n} children in 2024-25.`,
  (n) => `${n}girls`,
  (n) => `children-${n}`,
  (n) => `${n}:children`,
  (n) => `${n}/${n} children`,
  (n) => `${n}-${n} girls`,
  (n) => `Section ${n} girls`,
  (n) => `week ${n} girls`,
  (n) => `In the week ${n} were moved.`,
  (n) => `Q1 ${n}`,
  (n) => `RF01: ${n}`,
  (n) => `RF01 is ${n} % of contacts.`,
  (n) => `1 April ${n} referrals`,
  (n) => `The last of ${n} referrals came within 12 months.`,
  (n) => `It went from ${n} to {a}.`,
];
test('a number is found in every carrier, whatever digits it is written in', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.constantFrom(...scripts),
      fc.constantFrom(...carriers),
      (n, script, carrier) => {
        expect(figureIn(carrier(script(n)))).toBeDefined();
      },
    ),
    { numRuns: 2000 },
  );
});
test('and in any sentence of an honest note', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.constantFrom(...HONEST), (n, text) => {
      expect(figureIn(`${text} Ours was ${n}.`)).toBeDefined();
      expect(figureIn(`We had ${n}. ${text}`)).toBeDefined();
    }),
    { numRuns: 500 },
  );
});

test.each([
  '３ children',
  '③ children',
  '³ children',
  '٣ children',
  'children: 3',
  'children-3',
  '4-5 children',
  '3/4 children',
  '2:children',
  '£3 children',
  '4.0 girls',
  '004 girls',
  '4girls',
  'chil\u200bdren 3',
  'section 4 girls',
  '❸ girls',
])('%s holds a small number', (text) => expect(holdsSmallNumber(text, 6)).toBe(true));
test.each([
  '5-9 year olds',
  'In 2024/05 children moved.',
  'CP01 plans and 2.4 referrals',
  '14 children',
  '１４ children',
  '١٤ children',
  '¹⁴ children',
])('%s holds none', (text) => expect(holdsSmallNumber(text, 6)).toBe(false));
