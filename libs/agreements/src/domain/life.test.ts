import * as fc from 'fast-check';
import { Refusal, type Period } from '@hub/kernel';
import { anAgreement, hartlepool, middlesbrough, redcar, stockton } from '../agreement.builder';
import {
  agreementSteps,
  asOf,
  beganOn,
  decide,
  decideAmong,
  draft,
  hasBegun,
  notInForce,
  propose,
  sign,
  take,
  withdraw,
  type Agreement,
  type AgreementState,
  type AcceptQuestion,
  type ReadQuestion,
} from './index';

/**
 * Whole lives of agreements: random steps and days over several versions of an agreement and of the one above it. What
 * should be so is told by a model that shares nothing with the rules: a clerk who is there every midnight, crosses out what
 * ends and stamps what begins, where the rules look at dates when they are asked.
 */
const parties = [hartlepool, middlesbrough, redcar, stockton];
const names = ['above', 'below'] as const;
type Name = (typeof names)[number];
const dateOf = (day: number) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10);

/** What a new version says. Days count from 1 January 2025; `from` and `review` from the day of the draft. */
interface Terms {
  readonly parties: readonly number[];
  readonly from: number;
  readonly lasts: number;
  readonly review: number;
  readonly notice: number;
  readonly isUnder: boolean;
}
type Step = 'propose' | 'suspend' | 'resume' | 'terminate';
type Act =
  | { readonly do: 'draft' | 'conclude'; readonly name: Name; readonly terms: Terms }
  | { readonly do: Step | 'signAll'; readonly name: Name; readonly pick: number }
  | { readonly do: 'sign'; readonly name: Name; readonly pick: number; readonly party: number }
  | { readonly do: 'withdraw'; readonly name: Name; readonly pick: number; readonly party: number; readonly in: number }
  | { readonly do: 'pass'; readonly days: number };

// -- The clerk

interface Paper extends Terms {
  readonly start: number;
  readonly end: number;
  /** The day on which an overdue review closes it. */
  readonly closes: number;
  state: AgreementState;
  readonly signed: Set<number>;
  readonly left: Map<number, number>;
  /** The day on which it came into its place, if it did. */
  held?: number;
}
const isAlive = ({ state }: Paper) => state === 'proposed' || state === 'inForce' || state === 'suspended';

class Clerk {
  day = 0;
  readonly papers: Record<Name, Paper[]> = { above: [], below: [] };

  draft(name: Name, terms: Terms): void {
    const start = this.day + terms.from;
    this.papers[name].push({
      ...terms,
      isUnder: name === 'below' && terms.isUnder,
      start,
      end: start + terms.lasts,
      closes: start + terms.review + 90,
      state: 'draft',
      signed: new Set(),
      left: new Map(),
    });
  }

  /** Takes the step. @returns the code of the refusal, undefined when it is done */
  step(name: Name, i: number, step: Step): string | undefined {
    const paper = this.papers[name][i]!;
    const needed = { propose: 'draft', suspend: 'inForce', resume: 'suspended' } as const;
    const fits = step === 'terminate' ? isAlive(paper) || paper.state === 'draft' : paper.state === needed[step];
    if (!fits) return 'AGREEMENT_STEP_REFUSED';
    paper.state = ({ propose: 'proposed', suspend: 'suspended', resume: 'inForce', terminate: 'terminated' } as const)[
      step
    ];
    if (step !== 'propose') return undefined;
    // Laid on the desk too late: whichever came first has crossed it out.
    const successors = this.papers[name].slice(i + 1).flatMap(({ held }) => held ?? []);
    if (successors.some((held) => held < paper.end)) paper.state = 'superseded';
    else if (paper.end <= this.day) paper.state = 'expired';
    return undefined;
  }

  sign(name: Name, i: number, party: number): string | undefined {
    const paper = this.papers[name][i]!;
    if (!paper.parties.includes(party)) return 'AGREEMENT_NOT_A_PARTY';
    if (paper.left.has(party)) return 'AGREEMENT_STEP_REFUSED';
    if (paper.signed.has(party)) return undefined;
    if (paper.state !== 'proposed' || paper.closes <= this.day) return 'AGREEMENT_NOT_PROPOSED';
    paper.signed.add(party);
    if (paper.signed.size < paper.parties.length || paper.left.size) return undefined;
    paper.state = 'inForce';
    if (paper.start <= this.day) this.begin(name, i);
    return undefined;
  }

  withdraw(name: Name, i: number, party: number, from: number): string | undefined {
    const paper = this.papers[name][i]!;
    if (!paper.parties.includes(party)) return 'AGREEMENT_NOT_A_PARTY';
    if (paper.left.get(party) === from) return undefined;
    if (paper.left.has(party) || !isAlive(paper)) return 'AGREEMENT_STEP_REFUSED';
    if (from < this.day + paper.notice) return 'AGREEMENT_NOTICE_TOO_SHORT';
    paper.left.set(party, from);
    return undefined;
  }

  midnight(): void {
    this.day++;
    for (const paper of [...this.papers.above, ...this.papers.below]) {
      if (isAlive(paper) && paper.end === this.day) paper.state = 'expired';
    }
    for (const name of names) {
      this.papers[name].forEach((paper, i) => {
        if (paper.start === this.day && (paper.state === 'inForce' || paper.state === 'suspended')) this.begin(name, i);
      });
    }
  }

  private begin(name: Name, i: number): void {
    this.papers[name][i]!.held = this.day;
    for (const older of this.papers[name].slice(0, i)) if (isAlive(older)) older.state = 'superseded';
  }

  private above(): Paper | undefined {
    return this.papers.above.findLast(({ held }) => held !== undefined);
  }

  binds(paper: Paper): boolean {
    if (paper.state !== 'inForce' || this.day < paper.start || paper.closes <= this.day) return false;
    const above = this.above();
    return !paper.isUnder || (above !== undefined && this.binds(above));
  }

  /** Whether it opens a door at all: it binds, and says nothing that the one above has not agreed to. */
  opens(paper: Paper): boolean {
    if (!this.binds(paper)) return false;
    const above = this.above();
    return (
      !paper.isUnder ||
      (paper.parties.every((one) => above!.parties.includes(one)) &&
        above!.start <= paper.start &&
        paper.end <= above!.end &&
        paper.notice <= above!.notice)
    );
  }

  shares(paper: Paper, party: number): boolean {
    const isIn = (one: Paper) => one.signed.has(party) && !((one.left.get(party) ?? Infinity) <= this.day);
    return this.opens(paper) && isIn(paper) && (!paper.isUnder || isIn(this.above()!));
  }
}

// -- The hub

class Hub {
  day = 0;
  private readonly versions: Record<Name, Agreement[]> = { above: [], below: [] };

  draft(name: Name, terms: Terms): void {
    const start = this.day + terms.from;
    const document = anAgreement.documentBetween(
      terms.parties.map((party) => parties[party]!),
      {
        id: name,
        version: this.versions[name].length + 1,
        ...(name === 'below' && terms.isUnder ? { parent: 'above' } : {}),
        membership: { joining: 'new-version', leavingNoticeDays: terms.notice },
        dpia: { reference: 'DPIA 1', reviewDate: dateOf(start + terms.review) },
        effective: { from: dateOf(start), until: dateOf(start + terms.lasts) },
      },
    );
    this.versions[name].push(draft(document));
  }

  /** As the service loads it: with the successor that all have signed, and the newest version above that has begun. */
  at(name: Name, i: number): Agreement {
    const later = this.versions[name].slice(i + 1).filter(({ concludedOn }) => concludedOn !== undefined);
    const [successorFrom] = later.flatMap((one) => beganOn(one) ?? []).sort();
    const one = this.versions[name][i]!;
    const above = this.versions.above.findLastIndex(
      (each) => each.concludedOn !== undefined && hasBegun(each, this.today),
    );
    return {
      ...one,
      ...(successorFrom === undefined ? {} : { successorFrom }),
      parent: one.document.parent === undefined || above < 0 ? null : this.at('above', above),
    };
  }

  all(name: Name): Agreement[] {
    return this.versions[name].map((_, i) => this.at(name, i));
  }

  stored(): Agreement[] {
    return [...this.versions.above, ...this.versions.below];
  }

  get today(): string {
    return dateOf(this.day);
  }

  step(name: Name, i: number, step: Step): void {
    const before = asOf(this.at(name, i), this.today);
    const after = step === 'propose' ? propose(before) : take(before, step);
    this.keep(name, i, step === 'terminate' ? { ...after, endedOn: this.today } : after);
  }

  sign(name: Name, i: number, party: number): void {
    this.keep(name, i, sign(this.at(name, i), parties[party]!, this.today));
    // Again, by a client that had no answer: the same.
    const stored = this.at(name, i);
    expect(sign(stored, parties[party]!, this.today)).toBe(stored);
  }

  withdraw(name: Name, i: number, party: number, from: number): void {
    this.keep(name, i, withdraw(asOf(this.at(name, i), this.today), parties[party]!, dateOf(from), this.today));
    const stored = this.at(name, i);
    expect(withdraw(stored, parties[party]!, dateOf(from), this.today)).toBe(stored);
  }

  /** Stored is what people did, not what the calendar does. */
  private keep(name: Name, i: number, { successorFrom: _, parent: __, ...after }: Agreement): void {
    this.versions[name][i] = after;
  }
}

/** The one above is mostly roomier, so that something fits under it. */
const termsOf: Record<Name, fc.Arbitrary<Terms>> = {
  above: fc.record({
    parties: fc.subarray([0, 1, 2], { minLength: 2 }),
    from: fc.integer({ min: -60, max: 20 }),
    lasts: fc.integer({ min: 50, max: 300 }),
    review: fc.integer({ min: 1, max: 200 }),
    notice: fc.constantFrom(0, 20, 20, 20),
    isUnder: fc.constant(false),
  }),
  below: fc.record({
    parties: fc.subarray([0, 1, 2], { minLength: 1 }),
    from: fc.integer({ min: -20, max: 60 }),
    lasts: fc.integer({ min: 1, max: 150 }),
    review: fc.integer({ min: 1, max: 120 }),
    notice: fc.constantFrom(0, 20),
    isUnder: fc.boolean(),
  }),
};
const on = { name: fc.constantFrom(...names), pick: fc.nat(2) };
const lay = (way: 'draft' | 'conclude') =>
  on.name.chain((name) => fc.record({ do: fc.constant(way), name: fc.constant(name), terms: termsOf[name] }));
const act = (weight: number, arbitrary: fc.Arbitrary<Act>) => ({ weight, arbitrary });
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    act(2, lay('draft')),
    act(3, lay('conclude')),
    act(3, fc.record({ do: fc.constant('propose' as const), ...on })),
    act(3, fc.record({ do: fc.constant('signAll' as const), ...on })),
    act(3, fc.record({ do: fc.constant('sign' as const), ...on, party: fc.nat(3) })),
    act(
      2,
      fc.record({ do: fc.constant('withdraw' as const), ...on, party: fc.nat(3), in: fc.integer({ min: 0, max: 40 }) }),
    ),
    act(1, fc.record({ do: fc.constantFrom('suspend' as const, 'resume' as const, 'terminate' as const), ...on })),
    act(3, fc.record({ do: fc.constant('pass' as const), days: fc.integer({ min: 1, max: 40 }) })),
  ),
  { minLength: 5, maxLength: 40, size: 'max' },
);

const region = 'E12000001';
/** A day in the life of many papers. */
const DAY = 45;
const PERIOD: Period = { text: 'example', kind: 'year', from: dateOf(DAY), until: dateOf(DAY) };
const sending: AcceptQuestion = {
  door: 'accept',
  authority: hartlepool,
  dataset: { code: 'safeguarding-annual', version: '1.0' },
  period: PERIOD,
  signatures: 1,
  agencies: [],
};
const reading = (id: string): ReadQuestion => ({
  door: 'read',
  region,
  purpose: 'regional-benchmarking',
  dataset: sending.dataset,
  period: PERIOD,
  standings: [{ of: region, roles: ['regional-lead'] }],
  publishedUnder: { id, threshold: 6 },
});

test('whatever is done in whatever order, agreements stand where the clerk has them at midnight, and open as far', () => {
  const seen = { states: new Set<string>(), codes: new Set<string>(), permits: 0, under: 0, replaced: 0, leftOut: 0 };
  fc.assert(
    fc.property(acts, (all) => {
      const clerk = new Clerk();
      const hub = new Hub();
      const final = new Map<string, AgreementState>();
      /** Who has signed, by what the hub took. */
      const took = new Map<string, Set<number>>();

      /** Both take the step or refuse it with one code; what is refused leaves everything as it was. */
      const both = (expected: string | undefined, work: () => void) => {
        const before = hub.stored();
        let code: string | undefined;
        try {
          work();
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          ({ code } = error);
          expect(hub.stored().every((one, i) => one === before[i])).toBe(true);
        }
        expect(code).toBe(expected);
        if (code) seen.codes.add(code);
      };
      const signs = (name: Name, i: number, party: number) => {
        const expected = clerk.sign(name, i, party);
        both(expected, () => hub.sign(name, i, party));
        const key = `${name} ${i + 1}`;
        if (!expected) took.set(key, new Set([...(took.get(key) ?? []), party]));
      };
      const steps = (name: Name, i: number, step: Step) => {
        both(clerk.step(name, i, step), () => hub.step(name, i, step));
      };

      for (const one of all) {
        if (one.do === 'pass') {
          for (let i = 0; i < one.days; i++) clerk.midnight();
          hub.day += one.days;
        } else if ('terms' in one) {
          const { name, do: way } = one;
          const i = clerk.papers[name].length;
          if (i > 2) continue;
          clerk.draft(name, one.terms);
          hub.draft(name, one.terms);
          if (way === 'conclude') {
            steps(name, i, 'propose');
            for (const party of one.terms.parties) signs(name, i, party);
          }
        } else {
          const { name, pick: i } = one;
          const paper = clerk.papers[name][i];
          if (!paper) continue;
          if (one.do === 'signAll') {
            for (const party of paper.parties) signs(name, i, party);
          } else if (one.do === 'sign') {
            signs(name, i, one.party);
          } else if (one.do === 'withdraw') {
            const { party, in: days } = one;
            const from = clerk.day + days;
            both(clerk.withdraw(name, i, party, from), () => hub.withdraw(name, i, party, from));
          } else {
            steps(name, i, one.do);
          }
        }

        const expected: string[] = [];
        const found: string[] = [];
        const today = hub.today;
        const agreements = { above: hub.all('above'), below: hub.all('below') };
        for (const name of names) {
          clerk.papers[name].forEach((paper, i) => {
            const key = `${name} ${i + 1}`;
            const agreement = agreements[name][i]!;
            const { state } = asOf(agreement, today);
            if (final.has(key)) expect(state).toBe(final.get(key));
            if (!Object.keys(agreementSteps[state]).length) final.set(key, state);
            if (state === 'inForce' || state === 'suspended') expect(took.get(key)).toEqual(new Set(paper.parties));
            seen.states.add(state);
            if (paper.isUnder && clerk.opens(paper)) seen.under++;

            const { from } = agreement.document.effective;
            const doors = parties.map((authority) =>
              decide(agreement, { ...sending, authority, period: { ...PERIOD, from, until: from } }, today),
            );
            seen.permits += doors.filter(({ permitted }) => permitted).length;
            expected.push(
              `${key}: ${paper.state}, binds ${clerk.binds(paper)}, shows ${clerk.opens(paper)}, takes ${parties.map((_, party) => clerk.shares(paper, party))}`,
            );
            found.push(
              `${key}: ${state}, binds ${notInForce(agreement, today) === undefined}, shows ${decide(agreement, reading(name), today).permitted}, takes ${doors.map(({ permitted }) => permitted)}`,
            );
          });
        }
        // Whose cells enter a table, all agreements asked together.
        const [first, ...others] = [...agreements.above, ...agreements.below].filter(({ concludedOn }) => concludedOn);
        if (first) {
          parties.forEach((authority, party) => {
            const question = {
              ...sending,
              door: 'compile',
              region,
              authority,
              indicator: 'CP01',
              breakdown: null,
            } as const;
            const enters = names.some((name) =>
              clerk.papers[name].some((one) => one.start <= DAY && DAY <= one.end && clerk.shares(one, party)),
            );
            expected.push(`${party} enters ${enters}`);
            found.push(`${party} enters ${decideAmong(first, others, question, today).permitted}`);
          });
        }
        expect([hub.day, ...found]).toEqual([clerk.day, ...expected]);

        const [old, next] = clerk.papers.below;
        if (old?.state === 'superseded' && next?.state === 'inForce') {
          seen.replaced++;
          if (old.parties.some((party) => !next.parties.includes(party))) seen.leftOut++;
        }
      }
    }),
    { numRuns: 150, seed: 7 },
  );
  // All of it happened, or the test has shown little.
  expect([...seen.states].sort()).toEqual(Object.keys(agreementSteps).sort());
  expect([...seen.codes].sort()).toEqual([
    'AGREEMENT_NOTICE_TOO_SHORT',
    'AGREEMENT_NOT_A_PARTY',
    'AGREEMENT_NOT_PROPOSED',
    'AGREEMENT_STEP_REFUSED',
  ]);
  for (const often of [seen.permits, seen.under, seen.replaced, seen.leftOut]) expect(often).toBeGreaterThan(20);
});
