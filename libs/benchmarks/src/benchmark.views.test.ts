import type { Config } from '@hub/platform';
import type { RegistryKeys } from '@hub/registry';
import { BenchmarkViews } from './benchmark.views';
import type { AnswerOverTime, HistoryAnswer } from './benchmarks.service';
import { linesOf, Notes, uncharted } from './domain';
import { authorities, benchmark, referrals, seenOver } from './domain/region.builder';
import type { Reading } from './look';

const keys = { authority: (code: string) => ({ code, name: code }) } as unknown as RegistryKeys;
const reading: Reading = { region: 'E12000001', purpose: null };
const answerOf = (isKept: boolean): AnswerOverTime =>
  ({
    benchmark: benchmark('RF01', [referrals(...authorities.map(() => 100))]),
    isKept,
    publication: {
      head: { id: '1', state: 'current', dataset: 'safeguarding-quarterly', authorities },
      share: {
        handling: '',
        presentation: 'named',
        authorities: 'all',
        permit: { agreement: { id: 'north-east', version: 1 } },
      },
    },
    notes: new Notes([]),
    commentary: [],
    before: { lines: [], changes: new Map(), gaps: [] },
  }) as unknown as AnswerOverTime;

test.each([true, false])('a view is kept where what it shows is (%s), alone, in a table and over time', (isKept) => {
  const views = new BenchmarkViews(keys, {} as Config);
  const answer = answerOf(isKept);
  const page = { limit: 10, after: null };
  const table = () => views.table({ rows: [answer], hasMore: false }, page, reading, null);
  const lines = linesOf(seenOver([100, 110])).map((line) => uncharted(line));
  const over = {
    newest: answer,
    earlier: [],
    lines,
    isKept,
    measure: 'as-published',
    choices: [],
    gaps: [],
  } as HistoryAnswer;
  const history = () => views.history(over, reading, { isCharted: false, isRecent: false });
  expect(views.one(answer, reading) === views.one(answer, reading)).toBe(isKept);
  expect(table() === table()).toBe(isKept);
  expect(history() === history()).toBe(isKept);
});
