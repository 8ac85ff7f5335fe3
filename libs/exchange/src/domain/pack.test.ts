import { packHtml, packMarkdown, type PackDocument } from './pack';

const pack: PackDocument = {
  v: 1,
  hub: 'hub-local',
  meeting: { id: 'm', title: 'Chairs <meet>', on: '2026-06-01', boards: ['Tees & Co', 'Durham'] },
  cutOff: '2026-05-30T09:00:00.000Z',
  handling: 'Official.',
  agenda: ['Review: Forms'],
  changed: [],
  patterns: [{ name: 'Referrals', where: 'Tees', text: 'rising', question: 'Why | what?' }],
  completeness: [{ publication: 'p', digest: 'ab', dataset: 'Quarterly', period: '2026-Q1', coverage: '11 of 12' }],
  issues: [
    { id: 'i', board: 'Tees', title: '<script>alert(1)</script>', question: 'Why?', state: 'shared', risk: 12, evidence: ['Referrals, 2026-Q1: hidden: 1 to 9'] },
  ],
  challenges: [{ issue: 'Forms', by: 'Tees', to: 'Police', text: 'Why?', state: 'asked', due: '2026-05-01', overdue: true }],
  actions: [],
}; // prettier-ignore

test('both forms hold every part, say what is empty, name the handling line and carry the digest', () => {
  for (const text of [packMarkdown(pack, 'd1ge57'), packHtml(pack, 'd1ge57')]) {
    for (const said of ['Agenda', 'What changed', 'Nothing.', 'Patterns', 'Completeness', '11 of 12', 'Challenges', 'OVERDUE', 'Official.', 'No child, case or review', 'hidden: 1 to 9', 'd1ge57'])
      expect(text).toContain(said);
  }
}); // prettier-ignore

test('no text becomes markup', () => {
  expect(packHtml(pack, 'x')).not.toMatch(/<script|<meet>/);
  expect(packHtml(pack, 'x')).toContain('Tees &amp; Co');
  const markdown = packMarkdown(pack, 'x');
  expect(markdown).toContain('Why \\| what?');
  expect(markdown).not.toContain('<script>');
});
