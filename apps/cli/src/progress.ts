/** A stream that may be a terminal. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/**
 * Shows how far long work has come, in one line that is written over and taken away in the end: on a terminal alone, for in a file
 * or a pipeline nobody watches.
 * @param what  what is counted: `rows`
 */
export function progress(what: string, { isTTY, write }: Terminal = process.stderr) {
  const put = isTTY ? (text: string) => void write.call(process.stderr, `\r\x1b[K${text}`) : () => {};
  return {
    at: (done: number, total: number): void =>
      put(`… ${done.toLocaleString('en-GB')} of ${total.toLocaleString('en-GB')} ${what}`),
    end: (): void => put(''),
  };
}
