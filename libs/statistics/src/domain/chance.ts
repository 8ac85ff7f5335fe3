/** How often a chart of a process that never changes gives a signal all the same. */
export interface FalseAlarms {
  /** The share of charts with one anywhere. */
  readonly any: number;
  /** The share of charts with one at their newest point. */
  readonly newest: number;
}

/**
 * By the number of points; for counts with a mean about 3, about 10, and for anything larger. Four rules, runs and trends of
 * 7, all moving ranges kept. Source: own simulation of 20,000 stable series each (`chance.builder`), which the tests run
 * again and hold against one made elsewhere.
 */
const simulated: readonly (readonly [points: number, about3: FalseAlarms, about10: FalseAlarms, more: FalseAlarms])[] =
  [
    [8, { any: 0.036, newest: 0.014 }, { any: 0.024, newest: 0.009 }, { any: 0.022, newest: 0.009 }],
    [12, { any: 0.081, newest: 0.017 }, { any: 0.056, newest: 0.012 }, { any: 0.045, newest: 0.009 }],
    [18, { any: 0.157, newest: 0.018 }, { any: 0.11, newest: 0.014 }, { any: 0.098, newest: 0.012 }],
    [24, { any: 0.237, newest: 0.021 }, { any: 0.176, newest: 0.016 }, { any: 0.154, newest: 0.013 }],
    [36, { any: 0.384, newest: 0.024 }, { any: 0.293, newest: 0.019 }, { any: 0.262, newest: 0.016 }],
  ];

/**
 * Signals by chance on a chart of so many points, from the nearest simulated length.
 * @param meanCount  of what is counted, where it is a count: small counts give more of them
 */
export function falseAlarms(points: number, meanCount = Infinity): FalseAlarms {
  const [, about3, about10, more] = simulated.reduce((nearest, one) =>
    Math.abs(one[0] - points) < Math.abs(nearest[0] - points) ? one : nearest,
  );
  return meanCount < 6 ? about3 : meanCount < 20 ? about10 : more;
}
