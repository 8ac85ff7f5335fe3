import { parseAgreement } from '@hub/agreements/domain';
import {
  askReplies,
  BLACK_COUNTRY,
  DURHAM,
  HARTLEPOOL,
  POLICE,
  REPLY,
  SHARE,
  STEP,
  STOCKTON,
  TEES,
  who,
  WITHDRAW,
  type Boards,
  type Who,
} from '../support/boards';
import { fieldOf, schemaOf, selectionOf } from '../support/walk';
import { day } from '../support/world';
import { exampleAgreement } from '../seed/seed';

/** What may differ from one reader to the other; every other field of an issue is the same for all who see it. */
interface Part {
  readonly named: readonly string[];
  readonly leads: boolean;
  /** How many figures. */
  readonly evidence: number;
  readonly items: readonly string[];
}
type Body = { readonly code: string };
type Whole = Record<string, unknown> & {
  readonly named: readonly { readonly organisation: Body }[];
  readonly leadArea: Body | null;
  readonly evidence: readonly { readonly figure: string | null; readonly authority: Body | null }[];
  readonly items: readonly { readonly kind: string }[];
};

const own: Who[] = ['chair', 'second', 'here'];
const region: Who[] = ['elected', 'scrutineer', 'neighbour', 'neighboursScrutineer'];
const both = [STOCKTON, POLICE];
const part = (named: readonly string[], items: readonly string[]): Part => ({
  ...{ named, leads: named.includes(STOCKTON), evidence: named.includes(STOCKTON) ? 2 : 1, items },
});
const each = (names: readonly Who[], seen: Part) => Object.fromEntries(names.map((name) => [name, seen]));

/** Every field of an issue, by introspection, for everybody, at each step of its life: before and after the replies and the agreement. */
export function everyFieldIsSeen(given: () => { readonly boards: Boards }): void {
  test('every field of an issue, for everybody, before and after the replies and the agreement', async () => {
    const { boards } = given();
    const { world } = boards.two;
    const schema = await schemaOf(world.hub.url, await world.token('steward', 'hub'));
    const document = `query ($as: ID!, $id: ID!) { issue(as: $as, id: $id)${selectionOf(fieldOf(schema, 'Query.issue'), {})} }`;
    const id = await boards.raised();

    /** What each sees; who sees nothing is not there. Whatever is seen is what the author sees. */
    const seen = async (): Promise<Partial<Record<Who, Part>>> => {
      const parts: Partial<Record<Who, Part>> = {};
      const author = await boards.told<Whole>('chair', document, { id });
      for (const name of Object.keys(who) as Who[]) {
        const theirs = await boards.told<Whole>(name, document, { id });
        if (typeof theirs === 'string') continue;
        if (typeof author === 'string') throw new Error(`${name} sees what its author does not`);
        for (const [field, value] of Object.entries(theirs)) {
          const whole = author[field];
          if (Array.isArray(value)) expect(whole).toEqual(expect.arrayContaining(value));
          else if (field !== 'leadArea') expect([name, field, value]).toEqual([name, field, whole]);
        }
        parts[name] = {
          named: theirs.named.map(({ organisation }) => organisation.code),
          leads: theirs.leadArea !== null,
          evidence: theirs.evidence.length,
          items: [...new Set(theirs.items.map(({ kind }) => kind))].sort(),
        };
      }
      return parts;
    };
    const step = (more: object) => boards.done('chair', STEP, { id, ...more });

    expect(await seen()).toEqual(each(['chair'], part(both, [])));
    await step({ step: 'TO_OWN_BOARD' });
    expect(await seen()).toEqual(each(own, part(both, ['STEP'])));
    await step(askReplies);
    expect(await seen()).toEqual({
      ...each(own, part(both, ['STEP'])),
      ...{ police: part([POLICE], []), stockton: part([STOCKTON], []) },
    });
    await boards.done('stockton', REPLY, { id, text: 'We see it too.' });
    const answered = each(own, part(both, ['REPLY', 'STEP']));
    expect(await seen()).toEqual({ ...answered, police: part(both, []), stockton: part([STOCKTON], ['REPLY']) });
    await boards.done('police', REPLY, { id, text: 'We have changed the form.' });
    const named = each(['police', 'stockton'], part(both, ['REPLY']));
    expect(await seen()).toEqual({ ...answered, ...named });
    await boards.done('chair', SHARE, { id, boards: [DURHAM] });
    const shared = { ...answered, ...named, ...each(region, part(both, ['REPLY', 'STEP'])) };
    expect(await seen()).toEqual(shared);
    await step({ step: 'TO_NETWORK' });
    expect(await seen()).toEqual(shared);

    // With an agreement of both regions the far board sees it, and of its figures what the agreement shows.
    const example = exampleAgreement('north-east-west-midlands-view.v1');
    const places: readonly string[] = [HARTLEPOOL, STOCKTON, 'E08000027', 'E08000028'];
    const agreement = parseAgreement({
      ...example,
      id: 'every-field',
      parties: example.parties.filter(({ authority }) => places.includes(authority)),
      audience: [TEES, BLACK_COUNTRY].map((of) => ({ of, roles: ['board-chair'], presentation: 'named' })),
    });
    await world.conclude(agreement);
    const far = await boards.done<Whole>('otherRegion', document, { id });
    const author = await boards.done<Whole>('chair', document, { id });
    await world.withdraw(agreement, STOCKTON, day(0));
    const figures = ({ evidence }: Whole) => evidence.map(({ authority, figure }) => [authority?.code, figure]);
    const [[, ofStockton]] = figures(author).filter(([code]) => code === STOCKTON) as [[string, string]];
    expect(figures(far)).toEqual([
      [STOCKTON, ofStockton],
      [undefined, 'not available'],
    ]);
    expect({ ...far, evidence: [] }).toEqual({ ...author, evidence: [] });
    expect(await seen()).toEqual(shared);
    await boards.done('chair', WITHDRAW, { id });
    expect(await seen()).toEqual({});
  }, 120_000);
}
