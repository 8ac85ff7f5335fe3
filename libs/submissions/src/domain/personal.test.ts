import { personIn } from './personal';

test.each([
  ['NHS no 943 476 5919 moved', 'an NHS number'],
  ['9434765919', 'an NHS number'],
  ['943-476-5919', 'an NHS number'],
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
])('%s does not', (text) => expect(personIn(text)).toBeUndefined());
