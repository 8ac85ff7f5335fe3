import { folded } from './plain';

const PEOPLE =
  '(?:child(?:ren)?|girls?|boys?|bab(?:y|ies)|infants?|toddlers?|teen(?:ager)?s?|minors?|youngsters?|young (?:people|persons?|ones)|youths?|kids?|people|persons?|females?|males?|sons?|daughters?|siblings?|famil(?:y|ies)|carers?|parents?|pupils?|students?|looked[- ]after|care leavers?|uasc|unborn|year[- ]olds?|traveller|refugees?|asylum|disabled|muslim|jewish|white|black|asian|roma)';
const COUNTED =
  '(?:cases?|deaths?|plans?|referrals?|re-referrals?|contacts?|conferences?|enquir(?:y|ies)|strategy (?:discussions?|meetings?)|reports?|assessments?|episodes?|placements?|allegations?|incidents?|adoptions?)';
const GROUP = `(?:${PEOPLE}|${COUNTED})`;
const SMALL_WORDS = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const SPELT = `(?:${SMALL_WORDS.join('|')}|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-?(?:one|two|three|four|five|six|seven|eight|nine))?|a score|hundreds?|thousands?|dozens?|a couple|couple of|a pair|pair of|a trio|trio of)`;
const ONE =
  '(?:young )?(?:child|girl|boy|baby|infant|toddler|teenager|person|pupil|sibling|son|daughter|family|case|death|referral|contact|placement|plan)';
const ALONE = new RegExp(
  `(?<!\\b(?:as|(?<!\\bno )more than) )\\b(?:one|a single|an only|only|the only|lone|sole|solitary) (?:other |new )?${ONE}\\b|\\bone of (?:the|our|these|those) (?:\\p{L}+ )?${PEOPLE}\\b`,
  'iu',
);
const BOTH = new RegExp(`\\bboth (?:(?:of|the|these|those|our|are|were) ){0,2}(?:\\p{L}+ )?${PEOPLE}\\b(?! and)`, 'iu');
const ROMAN_NUMBER = '(?:X{1,3}(?:IX|IV|V?I{0,3})|IX|IV|VI{1,3}|I{2,3})';
const ROMAN = new RegExp(`\\b${ROMAN_NUMBER} (?:\\p{L}+ )?${GROUP}\\b|${GROUP}[^\\p{L}]{1,3}${ROMAN_NUMBER}\\b`, 'iu');

/** None, and one by itself: "there were no children", "ours is one." */
const BE = '(?:is|are|was|were|had|have|has)';
const NONE = new RegExp(
  `\\b(?:zero|nought)\\b|\\b${BE} (?:only |now )?(?:none|nil)\\b|\\b${BE} no (?:\\p{L}+ )?${GROUP}\\b|\\b${BE} (?:only |just )?one(?= ?[.,;:!?)]|$)`,
  'iu',
);

const GROUP_WORD = new RegExp(`(?<!\\p{L})${GROUP}\\b`, 'iu');
/** Words for people, and for what is counted of them. */
export const holdsGroup = (text: string): boolean => GROUP_WORD.test(folded(text));

/** A number right before or behind a group, however it is written: `004 girls`, `4girls`, `children: 3`, `3/4 children`. */
const BESIDE_GROUP = new RegExp(
  `(?<![\\p{L}\\d]|\\d[.,])(\\d+(?:\\.0+)?(?:[-/:]\\d+)*)[^\\p{L}\\d%.,;]{0,3}${GROUP}\\b|\\b${GROUP}[^\\p{L}\\d.;]{0,3}(\\d+(?:\\.0+)?(?:[-/]\\d+)*)(?![\\p{L}\\d%]|[.,/-]\\d| ?%| (?:per|weeks?|days?|months?|years?)\\b)`,
  'giu',
);

/**
 * Whether a text holds a number from 1 to under the threshold that may count people. Numbers that are parts of codes, dates,
 * percentages, ages and ordinals are none; `one` is none, for it is mostly a pronoun.
 */
export function holdsSmallNumber(text: string, threshold: number): boolean {
  const plain = folded(text);
  const small = (n: number) => n > 0 && n < threshold;
  const digits = [
    ...plain.matchAll(
      /(?<![\p{L}\d.,:/%£§-])(?<!(?:section|over|under|aged|quarter|stage|tier|level|week|day|month|year|rule) )\d{1,2}(?![\p{L}\d%:/-]| ?%|[.,]\d| (?:per|percent|weeks?|days?|months?|years?|working|of \d{3}))/giu,
    ),
  ];
  if (digits.some(([match]) => small(Number(match)))) return true;
  // Bands of ages and years of reporting are no counts: 5-9 year olds, 2024/25.
  const beside = [...plain.matchAll(BESIDE_GROUP)]
    .filter(([match]) => !/year[- ]old|20\d\d[-/]\d/i.test(match))
    .flatMap(([, before, behind]) => (before ?? behind)!.split(/[-/:]/));
  if (beside.some((part) => small(Number(part)))) return true;
  // A number of any other form: ❸.
  if (/\p{N}/u.test(plain.replace(/\d/g, ''))) return true;
  const words = plain.toLowerCase().match(/\p{L}+/gu) ?? [];
  return words.some((word, i) => {
    const n = SMALL_WORDS.indexOf(word) + 2;
    return n > 1 && small(n) && !/^(weeks?|days?|months?|years?|per|working|quarters?)$/.test(words[i + 1] ?? '');
  });
}

/** Words of a number that is one or two, or looks like letters, beside a group: `a single family`, `both girls`, `IV children`. */
export function holdsNumberInWords(text: string): boolean {
  const plain = folded(text);
  return ALONE.test(plain) || BOTH.test(plain) || ROMAN.test(plain);
}

const MONTH =
  '(?:January|February|March|April|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)';
const TIME = '(?:years?|yearly|months?|monthly|weeks?|weekly|days?|hours?|hourly|quarters?|minutes?)';
const KIND =
  '(?:different|separate|new|old|recording|case|locality|working|calendar|school|full|consecutive|reporting|financial)';
/** What may be counted beside figures: nobody is. */
const THING = `(?:${TIME}|teams?|systems?|databases?|offices?|hubs?|stages?|steps?|definitions?|fields?|codes?|forms?|ways|kinds?|types?|parts?|versions?|datasets?|sources|lists?|files?|workflows?|pathways?|categories|front doors?)`;
const YEAR = '(?:19[89]\\d|20[0-4]\\d)';
/** 2024-25, 2024/2025: of years that follow one another. */
const YEARS = `(?:${Array.from({ length: 49 }, (_, i) => `20${two(i)}[-/](?:20)?${two(i + 1)}`).join('|')})`;
function two(n: number): string {
  return String(n).padStart(2, '0');
}
const before = (group: string) => `(?! ?[-:]? ?(?:\\p{L}+[ -])?${group}\\b)`;
const [NOT_BEFORE_GROUP, NOT_BEFORE_PEOPLE] = [before(GROUP), before(PEOPLE)];
const DAY = '\\b(?:[12]?\\d|3[01])(?:st|nd|rd|th)?(?: of)?';
const N = '\\d{1,3}';
const SECTION = '(?:17|20|31|46|47)';
const NO_NUMBER_BEHIND = '(?![\\p{L}\\p{N}]|[.,/:-]\\d|%| %)';

/**
 * Numbers that are no figures. What stands before a group is one, whatever else it looks like (`Section 4 girls`); but for
 * periods and lengths of time, and for the sections of the Children Act before what is counted by them.
 */
const NO_FIGURES: readonly RegExp[] = [
  // Periods: 2024-25, 2025-Q1, 2025-FY, 2026-03, Q1 2025, H2.
  `\\b${YEARS}${NO_NUMBER_BEHIND}`,
  `\\b${YEAR}[- ]?(?:Q[1-4]|H[12]|FY)\\b|\\b${YEAR}-(?:0[1-9]|1[0-2])${NO_NUMBER_BEHIND}|\\b(?:Q[1-4]|H[12])(?: ${YEAR})?${NO_NUMBER_BEHIND}`,
  // Days and months: 1 April, April 2025. In May a month is told from the verb by what follows it.
  `${DAY} ${MONTH}\\b(?: ${YEAR}\\b)?${NOT_BEFORE_GROUP}`,
  `${DAY} May\\b(?: ${YEAR}\\b|(?= *[.,;:)]|$| (?:and|to|until|on|onwards|for|by|we|the|in)\\b))`,
  `\\b${MONTH} (?:[12]?\\d|3[01])(?:st|nd|rd|th)?\\b(?:,? ${YEAR}\\b)?${NOT_BEFORE_GROUP}`,
  // Codes of indicators and forms.
  `(?<![\\p{L}\\p{N}])(?:[A-Z]{2}\\d{2}|SSDA ?903|903 return|C(?:OVID|ovid)-19)${NO_NUMBER_BEHIND}`,
  `(?<![\\p{L}\\p{N}])[A-WYZ]\\d{1,2}${NO_NUMBER_BEHIND}${NOT_BEFORE_GROUP}`,
].map((form) => new RegExp(form, 'gu'));
const NO_FIGURES_IN_ANY_CASE: readonly RegExp[] = [
  // Years: since 2024; and elsewhere, but not where a number of something stands.
  `(?<=\\b(?:in|since|until|before|after|during|late|early|mid|spring|summer|autumn|winter|May|${MONTH})[ -])${YEAR}${NO_NUMBER_BEHIND}`,
  `(?<!\\b(?:is|was|were|are|be|been|had|have|has|counted|recorded|reported|total|totalled|totals|figures?|counts?|number|ours|less|minus|plus) |[=:*+<>~£#}] ?|[\\p{L}\\p{N}.,/-])${YEAR}${NO_NUMBER_BEHIND}${NOT_BEFORE_GROUP}`,
  // Ages and lengths of time: 16 and 17 year olds, aged 5 to 9, within 12 months, under 18.
  `(?<![\\p{N}\\p{L}.,/:-])(?:(?<=\\bbetween )${N} and |${N} and (?=${N}[- ]year[- ]old)|${N}(?: ?- ?| to | or ))?${N}[ -](?:(?:working|calendar|school) )?${TIME}(?:[- ]olds?)?\\b`,
  `\\b(?:aged?|ages) (?:from |under |over )?(?:between ${N} and ${N}|16 and 17|${N}(?: ?- ?| to | or )${N}|${N})${NO_NUMBER_BEHIND}${NOT_BEFORE_GROUP}`,
  `(?<![\\p{N}\\p{L}.,/:-])0(?:-| to )17${NO_NUMBER_BEHIND}`,
  `\\b(?:under|over)[- ](?:(?:16|18|21|25)s?|(?:1|5|10)s)${NO_NUMBER_BEHIND}${NOT_BEFORE_GROUP}`,
  `\\bper (?:1,?000|10,?000|100,?000)${NO_NUMBER_BEHIND}`,
  `\\b\\d{1,2}(?:st|nd|rd|th) (?:birthday|${TIME}|edition|version)\\b`,
  `\\b\\d{1,2} ?[ap]m\\b`,
  // Sections of acts and books, forms, stages; "in that week 4 were …" speaks of four.
  `\\b(?:sections?|s\\.?) ?${SECTION}(?:(?:, | and | or |/)${SECTION})*${NO_NUMBER_BEHIND}${NOT_BEFORE_PEOPLE}`,
  `(?<!\\b(?:the|this|that|last|next|each|every|an?|our|per|previous|same|first|second|third|fourth|whole|one|in|any) )\\b(?:part|schedule|chapter|page|question|table|annex|paragraph|code|factor|form|stage|tier|level|phase|step|rule|volume|version|release|week|day) [A-Z]?\\d{1,3}(?:\\.\\d{1,2}){0,3}[A-Z]?${NO_NUMBER_BEHIND}${NOT_BEFORE_GROUP}`,
  `\\b(?:section|regulation|article|version|v) ?\\d{1,3}(?:\\.\\d{1,2}){0,3}[A-Z]?${NO_NUMBER_BEHIND}${NOT_BEFORE_GROUP}`,
  `\\bquarter [1-4]${NO_NUMBER_BEHIND}${NOT_BEFORE_GROUP}`,
  // Two teams, six to nine months, a couple of weeks.
  `(?:\\b${SPELT}[ -](?:(?:and|or|to) )?)+(?:${KIND} )?${THING}\\b${NOT_BEFORE_PEOPLE}`,
].map((form) => new RegExp(form, 'giu'));
const FIGURE = new RegExp(`\\p{N}|\\b${SPELT}\\b`, 'iu');
const SHARE = new RegExp(
  `\\b(?:(?:half|thirds?|quarters?|fifths?|tenths?) of|half (?:the|our|these|those|all)) (?:\\p{L}+ ){0,2}${GROUP}\\b`,
  'iu',
);
/** A printed figure with which something is worked out: the result is a figure too. */
const SUM =
  /\}\s*(?:less (?!than)|minus|plus|times|divided)|\}\s*[-+*/×÷]\s*\{|(?:\bless|minus|plus|times|twice|double|treble|triple|half|half of|[+*×÷])\s*\{/i;

/**
 * Where a text states a figure: in digits of any script, in words, by a share or a sum. Years and periods, ages and lengths of
 * time, codes and sections of acts are none.
 * @returns the place of the first one, counted in words from 1; undefined where there is none
 */
export function figureIn(text: string): number | undefined {
  const plain = folded(text);
  const left = [...NO_FIGURES, ...NO_FIGURES_IN_ANY_CASE].reduce(
    (rest, form) => rest.replace(form, (match) => match.replace(/[\p{L}\p{N}]/gu, '_')),
    plain,
  );
  const at = [FIGURE, NONE, ALONE, BOTH, ROMAN, SHARE, SUM]
    .map((form) => left.search(form))
    .filter((place) => place >= 0);
  if (!at.length) return undefined;
  return left.slice(0, Math.min(...at)).split(' ').length;
}
