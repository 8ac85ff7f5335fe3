import { handlingOf, packHtml, packMarkdown, type PackDocument } from './pack';

const pack: PackDocument = {
  v: 1,
  hub: 'hub-local',
  meeting: { id: 'm', title: 'Chairs <meet>', on: '2026-06-01', boards: ['Tees & Co', 'Durham'] },
  cutOff: '2026-05-30T09:00:00.000Z',
  handling: 'Official.',
  agenda: ['Review: Forms'],
  changed: [],
  patterns: [{ name: 'Referrals', where: 'Tees', text: 'rising', question: 'Why | what?' }],
  figures: [
    {
      title: 'The newest',
      description: 'Two areas.',
      svg: '<svg></svg>',
      columns: ['Indicator', 'Value'],
      rows: [['RF01 Referrals', '41']],
    },
  ],
  charts: [
    {
      title: 'A <line>',
      description: 'A line of 2 periods.',
      svg: '<svg role="img"><title>A line</title></svg>',
      columns: ['Period', 'Value'],
      rows: [
        ['2025-Q4', '41'],
        ['2026-Q1', '[c] 1 to 9'],
      ],
    },
  ],
  completeness: [
    {
      publication: 'p',
      digest: 'ab',
      dataset: 'Quarterly',
      period: '2026-Q1',
      coverage: '11 of 12',
      boards: [{ board: 'Tees', coverage: '3 of 4' }],
    },
  ],
  issues: [
    {
      id: 'i',
      board: 'Tees',
      title: '<script>alert(1)</script>',
      question: 'Why?',
      state: 'reply',
      standing: 'answered by all',
      text: 'The form was changed.',
      replies: [{ kind: 'reply', on: '2026-05-02', by: 'Police', text: 'We changed it.', impact: null }],
      risk: 12,
      evidence: ['Referrals, 2026-Q1: hidden: 1 to 9'],
    },
  ],
  challenges: [
    { issue: 'Forms', by: 'Tees', to: 'Police', text: 'Why?', state: 'asked', due: '2026-05-01', overdue: true },
  ],
  actions: [
    {
      ...{ issue: 'Forms', by: 'Tees', to: 'Durham', text: 'Use one form.', state: 'done', due: null, overdue: false },
      said: [{ kind: 'progress', on: '2026-05-20', by: 'Durham', text: 'It is used.', impact: 'Fewer wait.' }],
    },
  ],
};

test('both forms hold every part, name the handling line and carry the digest', () => {
  for (const text of [packMarkdown(pack, 'd1ge57'), packHtml(pack, 'd1ge57')]) {
    for (const said of [
      'Agenda',
      'What changed',
      'Patterns',
      'answered by all',
      'The form was changed.',
      'We changed it.',
      '2026-05-20, progress of Durham: It is used. Impact: Fewer wait.',
      'Completeness',
      '11 of 12',
      'Tees: 3 of 4',
      'Challenges',
      'A line of 2 periods',
      '2025-Q4',
      'OVERDUE',
      'Official.',
      'No child, case or review',
      'hidden: 1 to 9',
      'd1ge57',
    ])
      expect(text).toContain(said);
  }
});

test('numbers in tables of charts have separators for people, and the frozen ones none', () => {
  const [figures] = pack.figures!;
  const rows = [
    ['RF01 Referrals', '1234'],
    ['Region', '12345.6'],
    ['EH02', '123'],
  ];
  const frozen = { ...pack, figures: [{ ...figures!, rows }] };
  const markdown = packMarkdown(frozen, 'x');
  for (const line of ['| RF01 Referrals | 1,234 |', '| Region | 12,345.6 |', '| EH02 | 123 |'])
    expect(markdown).toContain(line);
  expect(packHtml(frozen, 'x')).toContain('<td>12,345.6</td>');
  expect(frozen.figures[0]!.rows).toBe(rows);
});

test('parts with nothing in them are one line, and what changed says what is counted', () => {
  const nothing = {
    ...pack,
    agenda: [],
    patterns: [],
    figures: [],
    charts: [],
    completeness: [],
    issues: [],
    challenges: [],
    actions: [],
  };
  const counted = /steps of issues, answers, decisions and progress in the quarter before; not what figures did/i;
  for (const text of [packMarkdown(nothing, 'x'), packHtml(nothing, 'x')]) {
    expect(text).not.toMatch(/^## |<h2>/m);
    expect(text).toMatch(/, Charts \(.+ at least three periods that every board may read .+\), /);
    expect(text).toMatch(
      /Nothing under: Agenda, What changed \(.+\), Patterns, Figures \(.+\), Issues, .*Completeness\./,
    );
    expect(text).toMatch(counted);
  }
  for (const text of [packMarkdown, packHtml].map((form) =>
    form({ ...pack, actions: [], changed: ['2026-05-01, Forms: Accepted'] }, 'x'),
  )) {
    expect(text).toMatch(counted);
    expect(text).toContain('Nothing under: Actions.');
  }
});

test('a chart stands in the page with its table, and Markdown keeps the table', () => {
  expect(packHtml(pack, 'x')).toContain('<figure><svg role="img"><title>A line</title></svg>');
  expect(packMarkdown(pack, 'x')).not.toContain('<svg');
  expect(packMarkdown(pack, 'x')).toContain('| 2026-Q1 | \\[c\\] 1 to 9 |');
  // A period in words, and its code; in the table of a picture the code alone.
  expect(packHtml(pack, 'x')).toContain('April to June 2026 (2026-Q1)');
  const { charts: _, ...older } = pack;
  expect(packHtml(older, 'x')).toMatch(/Nothing under: .*Charts \(/);
  // What one of the boards may not know is said to be so.
  const part = { ...pack, completeness: [{ ...pack.completeness[0]!, digest: null, coverage: null }] };
  expect(packMarkdown(part, 'x')).toContain('| not told to all | Tees: 3 of 4 | not told to all |');
});

test('figures stand before the issues, and a long table of them in one piece', () => {
  const rows = Array.from({ length: 20 }, (_, i) => [`RF0${i} An indicator`, 'Hartlepool', String(i)]);
  const figures = [{ ...pack.charts![0]!, title: 'The newest', columns: ['Indicator', 'Where', 'Value'], rows }];
  const periods = [{ ...pack.charts![0]!, rows: rows.map((_, i) => [`20${i + 10}-Q1`, '1']) }];
  for (const form of [packMarkdown, packHtml]) {
    const text = form({ ...pack, figures, charts: periods }, 'x');
    expect(text).toMatch(
      /Figures[^]*The newest published[^]*z\\?\] stands where nothing applies[^]*RF019 An indicator[^]*Issues/,
    );
    const { figures: _, ...older } = pack;
    expect(form(older, 'x')).toMatch(/Nothing under: .*Figures \(/);
  }
  const page = packHtml({ ...pack, figures, charts: periods }, 'x');
  expect(page.match(/<table aria-label="The newest"/g)).toHaveLength(1);
  expect(page.match(/<table aria-label="A &lt;line&gt;"/g)).toHaveLength(2);
});

test('each line under which something is quoted stands on the pack, the strictest first', () => {
  const lines = ['Official: for members.', 'For chairs.', 'Official-Sensitive: for two boards.', 'For chairs.'];
  expect(handlingOf(lines)).toBe('Official-Sensitive: for two boards. Official: for members. For chairs.');
  expect(handlingOf([])).toBe('Official.');
});

test('no text becomes markup', () => {
  expect(packHtml(pack, 'x')).not.toMatch(/<script|<meet>/);
  expect(packHtml(pack, 'x')).toContain('Tees &amp; Co');
  const markdown = packMarkdown(pack, 'x');
  expect(markdown).toContain('Why \\| what?');
  expect(markdown).not.toContain('<script>');
});
