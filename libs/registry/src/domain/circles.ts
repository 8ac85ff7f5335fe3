/**
 * One reason why somebody knows raw figures of several authorities. `declared`: a shared service, or a board over several;
 * `joint`: a joint return and whom it covers; `heir`: an authority, and those whose place it has taken; `person`: who has
 * worked for several; `agency`: somebody who knows some series alone, in all the areas.
 */
export interface Circle {
  readonly kind: 'declared' | 'joint' | 'heir' | 'person' | 'agency';
  /** Of an heir the first one is the heir. */
  readonly authorities: readonly string[];
  /** Of an agency the keys of the series; else null. */
  readonly series: readonly string[] | null;
}

/** What one attacker knows: all that these authorities send, or these series of it. */
export interface Knowledge {
  readonly authorities: readonly string[];
  readonly series: readonly string[] | null;
}

/**
 * Everybody whom a publication of these authorities has to hold against, beside each of them alone. The same facts in any
 * order give the same answer in the same order.
 *
 * Whoever works for an authority is taken to sit in each circle that it is in, so what its staff knows is all of these
 * together, and a person knows that of each authority worked for. It goes no further: two who sit in different circles
 * are two minds. Those of a circle who sit in no other one are an attacker too.
 * @param among  the authorities whose figures the publication holds
 */
export function attackersAmong(circles: readonly Circle[], among: readonly string[]): Knowledge[] {
  const heirs = circles.filter(({ kind }) => kind === 'heir').map(({ authorities }) => authorities);
  /** With the books that each has taken over. */
  const books = (authorities: readonly string[]) =>
    authorities.flatMap((one) => [one, ...heirs.filter(([heir]) => heir === one).flat()]);
  const shared = circles.filter(({ kind }) => kind === 'declared' || kind === 'joint').map((one) => one.authorities);
  const staffOf = (authority: string) => {
    const own = books([authority]);
    return [own, ...shared.filter((circle) => own.some((one) => circle.includes(one))).map(books)].flat();
  };
  const persons = circles.filter(({ kind }) => kind === 'person').map(({ authorities }) => authorities);
  const everybody = new Set([...circles.flatMap(({ authorities }) => authorities)]);
  const whole = [
    ...shared.map(books),
    ...[...everybody].map(staffOf),
    ...persons.map((person) => person.flatMap(staffOf)),
  ];

  const here = (authorities: readonly string[]) => among.filter((one) => authorities.includes(one)).sort();
  const found: Knowledge[] = [
    ...whole.map((known) => ({ authorities: here(known), series: null })).filter((one) => one.authorities.length > 1),
    ...circles
      .filter(({ kind }) => kind === 'agency')
      .map(({ authorities, series }) => ({ authorities: here(authorities), series: [...series!].sort() }))
      .filter((one) => one.authorities.length > 0),
  ];
  const byText = new Map(found.map((one) => [JSON.stringify([one.authorities, one.series]), one]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
