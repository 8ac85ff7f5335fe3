import { holdsSmallNumber } from './figures';
import { isNhsNumber, isUpn, personIn } from './personal';

test.each([
  ['NHS no 943 476 5919 moved', 'an NHS number'],
  ['9434765919', 'an NHS number'],
  ['943-476-5919', 'an NHS number'],
  ['٩٤٣٤٧٦٥٩١٩', 'an NHS number'],
  ['see Ｊａｍｉｅ Smith', 'the name of a person'],
  ['９４３４７６５９１９', 'an NHS number'],
  ['943\u200b4765919', 'an NHS number'],
  ['pupil A123456789012 left', 'a unique pupil number'],
  ['UPN H80120000123B', 'a unique pupil number'],
  ['born 12/03/2014', 'a date of birth'],
  ['12.3.14', 'a date of birth'],
  ['2014-03-12', 'a date of birth'],
  ['3rd March 2014', 'a date of birth'],
  ['March 3, 2014', 'a date of birth'],
  ['DOB unknown', 'a date of birth'],
  ['lives at TS24 8AY', 'a postcode'],
  ['ts248ay', 'a postcode'],
  ['write to j.doe@hartlepool.gov.uk', 'an e-mail address'],
  ['call 01429 523800', 'a telephone number'],
  ['call +44 7700 900123', 'a telephone number'],
  ['07700900123', 'a telephone number'],
  ['NI AB 12 34 56 C', 'a National Insurance number'],
  ['number 94 34 76 59 19', 'an NHS number'],
  ['H801 2000 0100 1 left', 'a unique pupil number'],
  ['Mosaic 1234567 moved out', 'a number of a case'],
  ['child ID: 48213', 'a number of a case'],
  ['Mrs O’Brien complained', 'the name of a person'],
  ['a boy called Tyrell', 'the name of a person'],
  ['child K.S. was counted twice', 'initials of a person'],
  ['The plan of Jamie Smith ended.', 'the name of a person'],
  ['Smith, Jamie: counted twice', 'the name of a person'],
  ['see Zoë and Amelia Begum-Jones', 'the name of a person'],
])('%s looks like a person', (text, kind) => expect(personIn(text)).toBe(kind));

test.each([
  'No local standard yet.',
  'New front door since May.',
  'New front door since May 2025, 212 contacts more than in 2024-Q4.',
  'Counts rose from 1,204 to 2,418 (up 100.8 %).',
  'See section 47, RF01 and E06000001.',
  'Two teams of 5 and 12 workers; 2 of 3 schools.',
  'Dobson House opened; unborn children are counted.',
  'Recoding of 2A to 2B from Q3, 4th year.',
  'James Street hub closed; the George Hospital team moved.',
  'Child protection plans and Child CP01 in case 2025 is meant.',
  'Kingston upon Hull and Stockton-on-Tees share the Multi Agency Safeguarding Hub.',
  'The LCS upgrade of 2025 and Ofsted called in May.',
])('%s does not', (text) => expect(personIn(text)).toBeUndefined());

test.each([
  ['9434765919', true],
  ['9434765918', false],
  ['4010232137', true],
])('%s is an NHS number: %s', (digits, is) => {
  expect(isNhsNumber(digits)).toBe(is);
});

test('a pupil number has the letter that its digits ask for, and no other', () => {
  const right = [...'ABCDEFGHJKLMNPQRTUVWXYZ'].filter((letter) => isUpn(`${letter}801200001001`));
  expect(right).toEqual(['H']);
});

describe('a small number that may count people', () => {
  test.each(['3 of the children', 'The other 7 are new.', 'Seven children moved.', 'up from 4', '(9)'])('%s', (text) =>
    expect(holdsSmallNumber(text, 10)).toBe(true),
  );
  test.each([
    'up from 14',
    'one of the teams',
    'section 47 enquiries',
    '2.5 points, 8 % less',
    'Q1, CP01, 2A, 4th',
    'in 3 months',
    'two weeks later',
    'under 5 and 5-9',
    'version 1.0',
  ])('%s holds none', (text) => expect(holdsSmallNumber(text, 10)).toBe(false));
  test('is one under the threshold', () => {
    expect([holdsSmallNumber('14 children', 10), holdsSmallNumber('14 children', 20)]).toEqual([false, true]);
  });
});
