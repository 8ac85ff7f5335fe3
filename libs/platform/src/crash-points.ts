/**
 * Places at which a test ends the process as a power cut does: by SIGKILL, so that nothing is caught, closed or said any
 * more. HUB_CRASH_AT arms them, and production does not start with it; where nothing is armed, passing one costs a
 * comparison.
 */
const crashPoints = [
  'submit.received', // the envelope is whole, nothing of it has been looked at
  'submit.examined', // signature, key and whose it is
  'submit.locked', // no other version of this return can come between
  'submit.judged', // agreement, round, content
  'submit.versioned', // the version before is superseded
  'submit.stored', // envelope and cells are written
  'ledger.locked', // the ledger's lock is held, its peaks are read
  'ledger.signed', // the next checkpoint is signed, and written nowhere
  'ledger.appended', // entry, nodes and checkpoint are written
  'submit.written', // the receipt too: nothing is left but the commit
  'submit.answering', // committed; nothing has been said
  'submit.answered', // the answer has been given to the socket
  'outbox.appended', // the row that asks for work is written
  'relay.leased', // rows are handed out, as the table has it
  'relay.handed', // and the runner has one
  'work.begun', // it has a fence
  'work.done', // its handler has returned
  'compile.read', // the returns of a round are read
  'compile.protected', // its small numbers are hidden
  'compile.prepared', // the edition lies ready for its moment: nothing is left but the commit
  'release.frozen', // the publication is written
  'release.settled', // its work is marked done
  'release.written', // its entry is in the ledger: nothing is left but the commit
  'commit.sent', // of any transaction: the database has been told, and has not answered
  'commit.done', // it has answered
] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** The process ends when it passes the point for the nth time. */
export interface CrashStep {
  readonly point: CrashPoint;
  readonly nth: number;
}

/**
 * Reads `point:nth`, or several with commas between: then each is counted from when the one before was passed, and the
 * last one ends the process. `submit.written:3,commit.sent:1` is the commit of the third return.
 * @returns undefined for what is not of this form
 */
export function parseCrashSteps(text: string): CrashStep[] | undefined {
  const steps = text.split(',').map((one) => /^([a-z.]+):([1-9]\d{0,5})$/.exec(one));
  const known = steps.filter((step) => step !== null && crashPoints.includes(step[1] as CrashPoint));
  if (known.length < steps.length) return undefined;
  return known.map((step) => ({ point: step![1] as CrashPoint, nth: Number(step![2]) }));
}

let armed: { point: CrashPoint; left: number } | null = null;
let later: readonly CrashStep[] = [];

/** From here on this process counts. Nothing disarms it but its end. */
export function armCrash(steps: readonly CrashStep[]): void {
  const [next, ...rest] = steps;
  armed = next ? { point: next.point, left: next.nth } : null;
  later = rest;
}

/** Here a test may end the process. */
export function crashPoint(point: CrashPoint): void {
  if (armed?.point !== point || --armed.left > 0) return;
  if (later.length) return armCrash(later);
  process.kill(process.pid, 'SIGKILL');
  for (;;); // not one instruction more
}

/** The same answer; once it is there, the place is passed. */
export function crashPointAfter<T>(answer: Promise<T>, point: CrashPoint): Promise<T> {
  answer.then(
    () => crashPoint(point),
    () => undefined,
  );
  return answer;
}
