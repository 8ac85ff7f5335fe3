import { progress } from './progress';

const shown = (isTTY: boolean | undefined) => {
  const written: string[] = [];
  const bar = progress('rows', { isTTY, write: (text) => written.push(text) });
  bar.at(0, 20_000);
  bar.at(1_000, 20_000);
  bar.end();
  return written;
};

test('progress is one line on a terminal, and gone in the end', () => {
  expect(shown(true)).toEqual(['\r\x1b[K… 0 of 20,000 rows', '\r\x1b[K… 1,000 of 20,000 rows', '\r\x1b[K']);
});

test('nothing of it stands in a file or a pipeline', () => {
  expect([shown(false), shown(undefined)]).toEqual([[], []]);
});
