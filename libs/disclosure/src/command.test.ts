import fc from 'fast-check';
import { pieces } from './command';
import { runDisclosureCommand } from './index';

const problem = {
  cells: [
    { id: 'a', value: 2, owner: 'A' },
    { id: 'b', value: 3, owner: 'B' },
    { id: 'c', value: 20, owner: 'C' },
    { id: 't', value: 25, locked: 'published' },
  ],
  equations: [{ total: 't', parts: ['a', 'b', 'c'] }],
  policy: { threshold: 5, zeros: 'printed', protect: 'exact', told: false, insiders: true },
};
const run = async (args: string[], stdin: unknown) => {
  const result = await runDisclosureCommand(args, typeof stdin === 'string' ? stdin : JSON.stringify(stdin));
  const { exitCode, stderr } = result;
  const stdout = [...result.stdout].join('');
  return { exitCode, answer: stdout === '' ? undefined : (JSON.parse(stdout) as Record<string, unknown>), stderr };
};

test('protect: the decision as one JSON document, exit 0', async () => {
  const { exitCode, answer, stderr } = await run(
    ['protect', '--time-limit', '20', '--search', '0.1', '--json'],
    problem,
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(answer).toMatchObject({
    status: 'protected',
    suppressed: ['a', 'b', 'c'],
    published: { t: 25 },
    sensitive: 2,
    attackers: 4,
  });
  expect(Object.keys(answer!).sort()).toEqual([
    'attackers',
    'certificate',
    'ms',
    'published',
    'sensitive',
    'status',
    'suppressed',
  ]);
});

test('protect: what cannot be saved is exit 1, with the pairs on stdout', async () => {
  const locked = {
    ...problem,
    cells: problem.cells.map((cell) => (cell.id === 'a' ? cell : { ...cell, locked: 'published' })),
  };
  const { exitCode, answer, stderr } = await run(['protect'], locked);
  expect(exitCode).toBe(1);
  expect(answer).toMatchObject({
    status: 'refused',
    exposed: expect.arrayContaining([{ id: 'a', attacker: 'outsider', interval: [2, 2] }]),
  });
  expect(stderr).toContain('refused');
});

test('protect: of what cannot be saved each attacker has its own interval', async () => {
  const cells = [
    { id: 'a', value: 1, owner: 'A' },
    { id: 'b', value: 1, owner: 'B' },
    { id: 't', value: 2, locked: 'published' },
  ];
  const { answer } = await run(['protect'], {
    ...{ cells, equations: [{ total: 't', parts: ['a', 'b'] }] },
    policy: { threshold: 5, zeros: 'either', protect: 'range', told: false, insiders: true },
  });
  expect(answer!.exposed).toEqual([
    { id: 'a', attacker: 'B', interval: [1, 1] },
    { id: 'a', attacker: 'outsider', interval: [0, 2] },
    { id: 'b', attacker: 'A', interval: [1, 1] },
    { id: 'b', attacker: 'outsider', interval: [0, 2] },
  ]);
});

test('audit: safe is exit 0, exposed is exit 1', async () => {
  const { answer: decision } = await run(['protect'], problem);
  const safe = await run(['audit'], { ...problem, decision: { suppressed: ['a', 'b', 'c'] } });
  expect(safe).toMatchObject({ exitCode: 0, answer: { status: 'safe', exposed: [], cells: 2, attackers: 4 } });
  const exposed = await run(['audit', '--json'], { ...problem, decision: { suppressed: ['a', 'b'] } });
  expect(exposed).toMatchObject({ exitCode: 1, answer: { status: 'exposed' } });
  expect(exposed.answer!.exposed).toEqual([
    { id: 'a', attacker: 'B', interval: [2, 2] },
    { id: 'b', attacker: 'A', interval: [3, 3] },
  ]);
  const printed = await run(['audit'], { ...problem, decision: { suppressed: [] } });
  expect(printed).toMatchObject({ exitCode: 1, answer: { status: 'exposed' } });
  // The whole answer of protect, whose certificate is then checked; a mutated one is refused.
  expect((await run(['audit'], { ...problem, decision })).exitCode).toBe(0);
  const certificate = structuredClone(decision!.certificate) as { witnesses: { values: Record<string, number> }[] };
  expect((await run(['audit'], { ...problem, decision, certificate })).exitCode).toBe(0);
  for (const { values } of certificate.witnesses) for (const id of Object.keys(values)) values[id]! += 1;
  expect(await run(['audit'], { ...problem, decision, certificate })).toMatchObject({
    exitCode: 1,
    answer: { status: 'exposed' },
  });
});

test.each([
  [[], problem],
  [['hide'], problem],
  [['protect', '--time-limit'], problem],
  [['protect', '--time-limit', '-1'], problem],
  [['protect', '--time-limit', 'soon'], problem],
  [['protect', '--fast'], problem],
  [['protect', '--search', 'long'], problem],
  [['protect', '--search', '1', '--search', '2'], problem],
  [['audit', '--search', '1'], { ...problem, decision: { suppressed: [] } }],
  [['audit', '--time-limit', '5'], { ...problem, decision: { suppressed: [] } }],
])('wrong usage is exit 2 with the usage: %j', async (args, stdin) => {
  const { exitCode, answer, stderr } = await run(args, stdin);
  expect({ exitCode, answer }).toEqual({ exitCode: 2, answer: undefined });
  expect(stderr).toContain('usage: hub disclosure');
});

test('too little time: exit 1, nothing exposed, and it says that it was the time', async () => {
  const { exitCode, answer, stderr } = await run(['protect', '--time-limit', '0.0001'], problem);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'refused: time was too short to show it safe\n' });
  expect(answer).toMatchObject({ status: 'refused', exposed: [], cut: 'construct' });
});

test.each([
  ['protect', 'no JSON at all'],
  ['protect', '{"cells":[],"cells":[],"equations":[],"policy":{}}'],
  ['protect', '{"cells":[{"id":"a","value":1.5}],"equations":[],"policy":{}}'],
  ['protect', '{"cells":[{"id":"a","value":1,"cost":1e999}],"equations":[],"policy":{}}'],
  ['protect', '{"cells":[{"id":"a","value":9007199254740993}],"equations":[],"policy":{}}'],
  ['protect', '[]'],
  ['protect', { ...problem, policy: { ...problem.policy, strength: 9 } }],
  ['protect', { ...problem, equations: [{ total: 't', parts: ['a', 'b'] }] }],
  ['protect', { ...problem, decision: { suppressed: [] } }],
  ['audit', problem],
  ['audit', { ...problem, decision: { suppressed: ['z'] } }],
  ['audit', { ...problem, decision: null }],
  ['audit', { ...problem, decision: { suppressed: ['t'] } }],
  ['audit', { ...problem, decision: { suppressed: [] }, certificate: 1 }],
])('malformed input is exit 2 and says what is wrong: %s %j', async (action, stdin) => {
  const { exitCode, answer, stderr } = await run([action], stdin);
  expect({ exitCode, answer }).toEqual({ exitCode: 2, answer: undefined });
  expect(stderr).toMatch(/^malformed problem: /);
});

test.each(['1.0', '2.50', '1e-05', '1E2', '0.6931471805599453', '-0.0'])(
  'a number may be written as programs write it: %s',
  async (cost) => {
    const text = JSON.stringify(problem).replace('"id":"t"', `"cost":${cost},"id":"t"`);
    const asNumber = JSON.stringify({
      ...problem,
      cells: problem.cells.map((cell) => (cell.id === 't' ? { ...cell, cost: Number(cost) } : cell)),
    });
    const { exitCode, stdout } = await runDisclosureCommand(['protect'], text);
    const decisionOf = (out: Iterable<string>) => ({ ...(JSON.parse([...out].join('')) as object), ms: 0 });
    expect(exitCode).toBe(0);
    expect(decisionOf(stdout)).toEqual(decisionOf((await runDisclosureCommand(['protect'], asNumber)).stdout));
  },
);

test('an id may be any text', async () => {
  const renamed = JSON.stringify(problem).replaceAll('"b"', '"__proto__"');
  const { exitCode, answer } = await run(['protect'], renamed);
  expect({ exitCode, suppressed: answer!.suppressed }).toEqual({ exitCode: 0, suppressed: ['__proto__', 'a', 'c'] });
  expect((await run(['audit'], `${renamed.slice(0, -1)},"decision":${JSON.stringify(answer)}}`)).exitCode).toBe(0);
});

test('a long answer is written in pieces, to the letter as in one', () => {
  const lists = fc.oneof(
    fc.jsonValue(),
    fc.nat(3000).map((length) => Array.from({ length }, (_, i) => ({ i, text: 'a"b' }))),
  );
  const answers = fc.dictionary(
    fc.string(),
    fc.oneof(lists, fc.constant(undefined), fc.dictionary(fc.string(), lists)),
  );
  fc.assert(
    fc.property(answers, (answer) => {
      expect([...pieces(answer)].join('')).toBe(`${JSON.stringify(answer)}\n`);
    }),
  );
});

test('a time limit counts from the start of the program', async () => {
  const text = JSON.stringify(problem);
  const args = ['protect', '--time-limit=20'];
  expect((await runDisclosureCommand(args, text)).exitCode).toBe(0);
  const late = await runDisclosureCommand(args, text, performance.now() - 20_000);
  expect(late).toMatchObject({ exitCode: 1, stderr: 'refused: time was too short to show it safe\n' });
});

test('a circle that names somebody without cells is noted', async () => {
  const attackers = [{ name: 'board', knows: ['A', 'nobody'] }];
  const { exitCode, stderr } = await run(['protect'], { ...problem, attackers });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: 'note: board knows cells of nobody, and there are none\n',
  });
});

test.each([
  [['protect', '--time-limt', '3'], /^Unknown option '--time-limt'\. Did you mean --time-limit\?/],
  [['audit', '--search', '3'], /^Unknown option '--search'\./],
  [['protect', '--time-limit', 'abc'], /^--time-limit is a number of seconds/],
  [['protect', '--search', '1', '--search', '2'], /^--search is given twice/],
  [['protect', 'problem.json'], /^The problem is read from stdin: hub disclosure protect < FILE/],
  [['protect'], /nothing came on stdin/],
])('what is wrong with %j is said', async (args, words) => {
  expect(await runDisclosureCommand(args, '')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(words) as string,
  });
});

test.each([
  ['{"cells": [], "equations": [], "polcy": {}}', /this one is called "polcy"/],
  ['{"cells": []\n,}', /\(line 2, column 2\)/],
])('where a problem is wrong is said: %j', async (problem, words) => {
  expect((await runDisclosureCommand(['protect'], problem)).stderr).toMatch(words);
});
