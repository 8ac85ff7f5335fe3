import { readFileSync } from 'node:fs';

/** Milliseconds of processor time that the process has used, to a hundredth of a second; Linux alone tells. */
export function processorTimeOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
