import { basename } from 'node:path';
import { alike, columnLetters, firstOf, makePayload, type TableFinding } from '@hub/client';
import { readInput, UsageError, type Command } from './command';
import { authorityOf, datasetNamed, periodFor } from './dataset';
import { progress } from './progress';

/**
 * One line for each finding, as compilers write it: `file:row:column rule message`; of a table the column is also told as it is seen.
 * What is said of many places is said once, at the first of them.
 */
export const tableLines = (file: string, findings: readonly TableFinding[]): string =>
  alike(findings)
    .map(([first, ...others]) => {
      const { row, column, heading, of, severity, rule, message, expected, found } = first;
      const places = others.map((one) => `${one.row}:${one.column}${one.found === undefined ? '' : ` (${one.found})`}`);
      const sides = [
        ...(expected === undefined ? [] : [`expected: ${expected}`]),
        ...(found === undefined ? [] : [`found: ${found}`]),
        ...(places.length ? [`${others.length + 1} times, also at ${firstOf(places)}`] : []),
      ];
      const which = severity === 'error' ? '' : `${severity}: `;
      const words = [
        ...(heading === undefined ? [] : [`column ${columnLetters(column)}, ${heading}`]),
        ...(of === undefined || places.length ? [] : [of]),
      ];
      const seen = words.length ? `(${words.join(', ')}) ` : '';
      return `${file}:${row}:${column} ${rule} ${seen}${which}${message}${sides.length ? ` (${sides.join('; ')})` : ''}\n`;
    })
    .join('');

export const makeCommands: readonly Command[] = [
  {
    name: 'submission make',
    usage:
      '--in FILE.csv|xlsx --authority CODE --dataset CODE[@VERSION] --period P --agreement ID@VERSION [--reason TEXT]',
    summary: 'Turns a table into the payload that is signed, to stdout; every finding with row and column, offline.',
    more: 'With --reason why the return takes the place of one that is in use: what was wrong, or what has come late. Your own authority reads it.',
    options: {
      in: 'required',
      authority: 'required',
      dataset: 'required',
      period: 'required',
      agreement: 'required',
      reason: 'optional',
    },
    run(values) {
      const path = values.the('in');
      const dataset = datasetNamed(values.the('dataset'));
      const period = periodFor(dataset, values.the('period'));
      const [, id, version] = /^([a-z0-9-]+)@([1-9]\d*)$/.exec(values.the('agreement')) ?? [];
      if (!id) throw new UsageError('--agreement is an id and a version: north-east-benchmarking@1.');
      const fileName = basename(path);
      const bar = progress('rows');
      const { payload, findings } = makePayload(readInput(path), {
        dataset,
        authority: authorityOf(values.the('authority')),
        period,
        agreement: { id, version: Number(version) },
        ...(path === '-' ? {} : { fileName }),
        ...(values.get('reason') === undefined ? {} : { reason: values.the('reason') }),
        onRows: bar.at,
      });
      bar.end();
      const lines = tableLines(fileName, findings);
      const errors = findings.filter(({ severity }) => severity === 'error').length;
      if (payload === undefined) {
        // Nothing to stdout: it is the payload's, and goes into a file that is signed.
        const remark = `${lines}SUBMISSION_INVALID: no payload was made; ${errors} ${errors === 1 ? 'finding' : 'findings'}.`;
        return Promise.resolve({ exitCode: 1, text: '', json: { findings }, remark });
      }
      const json = { payload: JSON.parse(payload) as unknown, findings };
      return Promise.resolve({ text: `${payload}\n`, json, ...(lines ? { remark: lines.trimEnd() } : {}) });
    },
  },
];
