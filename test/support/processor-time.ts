import { readdirSync, readFileSync } from 'node:fs';

/** Microseconds of processor time that a process of a single thread has used; Linux alone tells. */
export const threadTimeOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;

/** Milliseconds of processor time that the process has used, to a hundredth of a second; Linux alone tells. */
export function processorTimeOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The same of a process and of all that it has started, those that have ended too: a database server with its backends. */
export function familyTimeOf(pid: number): number {
  const statOf = (one: number | string): string[] => {
    try {
      return readFileSync(`/proc/${one}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    } catch {
      return []; // it has ended in this moment
    }
  };
  const times = (fields: string[], upTo: number) =>
    fields.slice(11, upTo).reduce((sum, one) => sum + Number(one), 0) * 10;
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && statOf(name)[1] === String(pid));
  // What has ended is counted with its parent.
  return children.reduce((sum, child) => sum + times(statOf(child), 13), times(statOf(pid), 15));
}
