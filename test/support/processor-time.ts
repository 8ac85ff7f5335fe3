import { readFileSync } from 'node:fs';

/** Microseconds of processor time that a process of a single thread has used; Linux alone tells. */
export const threadTimeOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;

/** Milliseconds of processor time that the process has used, to a hundredth of a second; Linux alone tells. */
export function processorTimeOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
