import { randomUUID } from 'node:crypto';
import { Ledger } from '@hub/ledger';
import { Store, type Tx } from '@hub/platform';
import { SubmissionsService } from '@hub/submissions';

/**
 * Faults that a hub must not have. Loaded before the hub (`node --require`), with one of these names in HUB_PLANTED, so that
 * the suite of kills is seen to find them: a checker that nothing turns red proves nothing.
 */
type Method = (this: unknown, ...args: unknown[]) => Promise<unknown>;

/** Puts another method in the place of one, which it is given. */
function replace(holder: { prototype: object }, name: string, by: (original: Method) => Method): void {
  const methods = holder.prototype as Record<string, Method>;
  if (!methods[name]) throw new Error(`${name} is not there to be planted`);
  methods[name] = by(methods[name]);
}
const isOf = (store: unknown, name: string) => (store as object).constructor.name === name;
type Work = (tx: Tx) => Promise<unknown>;

const faults = {
  /** A receipt is given while the transaction is still open. */
  'answers before the commit': () =>
    replace(
      Store,
      'as',
      (as) =>
        async function (this: unknown, ...[caller, work]: unknown[]) {
          if (!isOf(this, 'IntakeStore')) return as.call(this, caller, work);
          return new Promise((answered, failed) => {
            const early: Work = async (tx) => {
              answered(await (work as Work)(tx));
              await new Promise((later) => setTimeout(later, 100));
            };
            as.call(this, caller, early).catch(failed);
          });
        },
    ),
  /** The entry of the ledger is committed by itself. */
  'an entry of its own': () => {
    let intake: Store | undefined;
    replace(
      Store,
      'as',
      (as) =>
        function (this: unknown, ...args: unknown[]) {
          if (isOf(this, 'IntakeStore')) intake = this as Store;
          return as.apply(this, args);
        },
    );
    replace(
      Ledger,
      'append',
      (append) =>
        async function (this: unknown, ...[tx, leaf, beside]: unknown[]) {
          if (!intake || (leaf as { kind: string }).kind !== 'submission') return append.call(this, tx, leaf, beside);
          const receipt = await intake.as(null, (own) => append.call(this, own, leaf) as Promise<string>);
          (beside as (receipt: string) => void)(receipt);
          return receipt;
        },
    );
  },
  /** A return that is sent again is another one. */
  'a name of its own for each try': () => {
    replace(
      SubmissionsService,
      'knownAs',
      (known) =>
        function (this: unknown, ...args: unknown[]) {
          return { ...(known.apply(this, args) as object), known: null } as never;
        },
    );
    replace(
      SubmissionsService,
      'accept',
      (accept) =>
        function (this: unknown, ...args: unknown[]) {
          const examined = args[3] as { envelope: object };
          const renamed = { ...examined, envelope: { ...examined.envelope, jti: randomUUID() } };
          return accept.apply(this, args.with(3, renamed));
        },
    );
  },
  /** Work counts as done from the moment at which it begins. */
  'done before it is': () =>
    replace(
      Store,
      'as',
      (as) =>
        function (this: unknown, ...[caller, work]: unknown[]) {
          if (!isOf(this, 'WorkerStore')) return as.call(this, caller, work);
          const hasty: Work = (tx) => {
            const query = tx.query.bind(tx) as (sql: string, values?: unknown[]) => Promise<never>;
            tx.query = (sql: string, values?: unknown[]) =>
              query(
                sql
                  .replace('attempts = attempts + 1,', 'attempts = attempts + 1, done_at = clock_timestamp(),')
                  .replace('fence = $2 and done_at is null returning id', 'fence = $2 returning id'),
                values,
              );
            return (work as Work)(tx);
          };
          return as.call(this, caller, hasty);
        },
    ),
};

export type PlantedFault = keyof typeof faults;

const planted = process.env.HUB_PLANTED;
if (planted) faults[planted as PlantedFault]();
