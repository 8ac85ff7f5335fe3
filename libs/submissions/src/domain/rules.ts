import { rules, type RuleText } from '@hub/contracts';

/** docs/rules.md: a page on which every finding of every dataset is explained. */
export function rulesPage(): string {
  const { errors, queries, file, notes } = rules();
  const chapter = (title: string, about: string, list: readonly RuleText[]) => [
    `## ${title}`,
    '',
    about,
    '',
    ...list.flatMap(({ code, says, do: next }) => [`### ${code}`, '', says, '', `What to do: ${next}`, '']),
  ];
  return [
    '# Rules',
    '',
    'What a finding means, by its code. Made from `contracts/rules/rules.json` by `npm run dictionary`. A rule between counts of one dataset (`police-referrals`) stands on the page of that [dataset](datasets/README.md).',
    '',
    ...chapter('Errors', 'A return with one is refused. All are told at once, each with a JSON pointer.', errors),
    ...chapter(
      'Queries',
      'Asked of the own figures, and of what is printed: no query is a function of what another authority has sent. Each is answered inside the signed return (`explanations`), confirmed or corrected with a reason; an unanswered one refuses.',
      queries,
    ),
    ...chapter(
      'Errors of a file',
      'Told by `hub submission make`, with row and column, before anything is signed.',
      file,
    ),
    ...chapter('Notes', 'They refuse nothing, and nobody has to answer.', notes),
  ].join('\n');
}
