import { Inject, Injectable } from '@nestjs/common';
import { someoneAs, someoneOf, type Member, type Role } from '@hub/identity';
import { CLOCK, parsePeriod, Refusal, type Clock } from '@hub/kernel';
import { CONFIG, DeskStore, innerId, lockName, newId, type Config, type Tx } from '@hub/platform';
import {
  CATALOGUE,
  hasIndicator,
  namesAround,
  REGISTRY,
  RegistryKeys,
  type Catalogue,
  type Registry,
} from '@hub/registry';
import { lastOf, parseNote, type Note, type NoteSaid } from '../domain';
import { ownNotes } from './notes.store';

/** People who answer for what their authority sends. */
export const noteWriters: readonly Role[] = ['authority-analyst', 'authority-approver'];

/** Notes of one authority on one indicator, of all periods together: they are read with its figures. */
const MOST_NOTES = 20;

/** Comparability notes: what an authority says of how its figures compare. */
@Injectable()
export class NotesService {
  constructor(
    private readonly desk: DeskStore,
    private readonly keys: RegistryKeys,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT */
  async own(member: Member | null, authority: string): Promise<readonly Note[]> {
    const writer = someoneOf(member, noteWriters, authority);
    return this.desk.as(writer, (tx) => ownNotes(tx, this.keys.authorityId(authority)));
  }

  /**
   * Writes a note beside every figure of the authority's indicator in the periods that it is about.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT | INDICATOR_ABSENT | PERIOD_MALFORMED | NOTE_DATES |
   *   REQUEST_MALFORMED | WORDS_REFUSED | NOTES_TOO_MANY
   */
  async write(member: Member | null, said: NoteSaid & Pick<Note, 'authority'>): Promise<Note> {
    const writer = someoneOf(member, noteWriters, said.authority);
    if (!hasIndicator(this.catalogue, said.indicator)) throw new Refusal('INDICATOR_ABSENT');
    const { indicator, kind, from, until, text } = parseNote(said, namesAround(this.registry, said.authority));
    const id = newId();
    return this.desk.as(writer, async (tx) => {
      await lockName(tx, `notes ${said.authority} ${indicator}`);
      const standing = await ownNotes(tx, this.keys.authorityId(said.authority));
      if (standing.filter((one) => one.indicator === indicator).length >= MOST_NOTES)
        throw new Refusal('NOTES_TOO_MANY', { limit: MOST_NOTES });
      await tx.query(
        `insert into remarks.note (id, authority_id, indicator, kind, period_from, period_until, from_date, until_date, text,
           written_by, written_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          id,
          this.keys.authorityId(said.authority),
          indicator,
          kind,
          from.text,
          until?.text ?? null,
          from.from,
          until?.until ?? null,
          text,
          writer.id,
          this.clock.now(),
        ],
      );
      return this.find(tx, said.authority, id);
    });
  }

  /**
   * Says until when a note holds; without a period it is taken back, and its text is gone.
   * @returns null for one that was taken back
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | NOTE_ABSENT | PERIOD_MALFORMED | NOTE_DATES
   */
  async end(member: Member | null, noteId: string, until: string | null): Promise<Note | null> {
    const writer = someoneAs(member, noteWriters);
    const id = innerId('cmp', this.config.hubId, noteId);
    const own = writer.roles.filter(({ role }) => noteWriters.includes(role)).map(({ of }) => of);
    return this.desk.as(writer, async (tx) => {
      // For update: the end is held against the beginning that is there.
      const [row] = (await tx.query(
        `select a.code as authority, n.period_from as "from" from remarks.note n
           join registry.authority a on a.id = n.authority_id where n.id = $1 and not n.withdrawn for update of n`,
        [id],
      )) as Pick<Note, 'authority' | 'from'>[];
      if (!row || !own.includes(row.authority)) throw new Refusal('NOTE_ABSENT');
      const last = until === null ? null : lastOf(parsePeriod(row.from), until);
      await tx.query(
        `update remarks.note set period_until = $2, until_date = $3, withdrawn = $4, text = case when $4 then '' else text end,
           ended_by = $5, ended_at = $6 where id = $1`,
        [id, last?.text ?? null, last?.until ?? null, last === null, writer.id, this.clock.now()],
      );
      return last && this.find(tx, row.authority, id!);
    });
  }

  private async find(tx: Tx, authority: string, id: string): Promise<Note> {
    return (await ownNotes(tx, this.keys.authorityId(authority))).find((one) => one.id === id)!;
  }
}
