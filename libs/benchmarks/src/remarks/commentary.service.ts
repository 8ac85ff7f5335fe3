import { Inject, Injectable } from '@nestjs/common';
import { someoneAs, type Member, type Role } from '@hub/identity';
import { CLOCK, Refusal, type Clock } from '@hub/kernel';
import { CONFIG, DeskStore, innerId, lockName, newId, type Config } from '@hub/platform';
import { PinnedFigures, type FigureNamed } from '@hub/publications';
import {
  CATALOGUE,
  hasIndicator,
  namesAround,
  REGISTRY,
  RegistryKeys,
  type Catalogue,
  type Registry,
} from '@hub/registry';
import { parseCommentary, type Commentary } from '../domain';
import type { CommentaryShown } from '../look';
import { noteWriters } from './notes.service';

/** Who says something of an indicator: people who answer for what their authority sends, and leads for their region. */
const writers: readonly Role[] = [...noteWriters, 'regional-lead'];

/** Commentaries of one organisation on one indicator in one period that stand at once. */
const MOST_COMMENTARY = 5;

export interface CommentarySaid extends Pick<Commentary, 'of' | 'indicator' | 'period' | 'text'> {
  readonly figures: readonly FigureNamed[];
}

/** Commentary with printed figures: it names them, and whoever reads it sees of each what its publication shows them. */
@Injectable()
export class CommentaryService {
  constructor(
    private readonly desk: DeskStore,
    private readonly pinned: PinnedFigures,
    private readonly keys: RegistryKeys,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Says something of an indicator in a period. Each figure must be one that the author sees by name.
   * @returns it as its author sees it
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | ORGANISATION_ABSENT | INDICATOR_ABSENT | PERIOD_MALFORMED |
   *   COMMENTARY_FIGURES | EVIDENCE_NOT_SEEN | AUTHORITY_ABSENT | REQUEST_MALFORMED | WORDS_REFUSED | COMMENTARY_TOO_MUCH
   */
  async write(member: Member | null, said: CommentarySaid): Promise<CommentaryShown> {
    const writer = someoneAs(member, writers);
    const held = writer.roles.find(({ role, of }) => writers.includes(role) && of === said.of);
    if (!held) throw new Refusal('ORGANISATION_ABSENT');
    if (!hasIndicator(this.catalogue, said.indicator)) throw new Refusal('INDICATOR_ABSENT');
    const { period, text } = parseCommentary(said, said.figures.length, namesAround(this.registry, said.of));
    const pinned = await this.pinned.pin(writer, () => null, said.figures, 'figures');
    const figures = pinned.map(({ id: publication, series, authority }) => ({ publication, series, authority }));
    const authority = held.role === 'regional-lead' ? null : said.of;
    const [id, writtenAt] = [newId(), this.clock.now()];
    const [authorityId, regionId] = [
      authority && this.keys.authorityId(authority),
      authority === null ? this.keys.regionId(said.of) : null,
    ];
    await this.desk.as(writer, async (tx) => {
      await lockName(tx, `commentary ${said.of} ${said.indicator} ${period.text}`);
      const [standing] = (await tx.query(
        `select count(*)::int as count from remarks.commentary where withdrawn_at is null
           and authority_id is not distinct from $1 and region_id is not distinct from $2 and indicator = $3 and period = $4`,
        [authorityId, regionId, said.indicator, period.text],
      )) as { count: number }[];
      if (standing!.count >= MOST_COMMENTARY) throw new Refusal('COMMENTARY_TOO_MUCH', { limit: MOST_COMMENTARY });
      await tx.query(
        `insert into remarks.commentary (id, authority_id, region_id, indicator, period, from_date, until_date, text, figures,
           written_by, written_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          id,
          authorityId,
          regionId,
          said.indicator,
          period.text,
          period.from,
          period.until,
          text,
          JSON.stringify(figures),
          writer.id,
          writtenAt,
        ],
      );
    });
    return {
      commentary: {
        id,
        of: said.of,
        authority,
        indicator: said.indicator,
        period: period.text,
        text,
        figures,
        writtenAt,
      },
      figures: pinned.map(({ opened: { words, listed } }) => ({ figure: words, state: listed.head.state })),
    };
  }

  /**
   * Takes a commentary back: its text and what it names are gone.
   * @throws Refusal TOKEN_MISSING | NOT_FOR_THIS_ROLE | COMMENTARY_ABSENT
   */
  async withdraw(member: Member | null, commentary: string): Promise<void> {
    const writer = someoneAs(member, writers);
    const own = writer.roles.filter(({ role }) => writers.includes(role)).map(({ of }) => of);
    const id = innerId('com', this.config.hubId, commentary);
    await this.desk.as(writer, async (tx) => {
      const [found] = (await tx.query(
        `select coalesce(a.code, g.code) as of from remarks.commentary c
           left join registry.authority a on a.id = c.authority_id left join registry.region g on g.id = c.region_id
         where c.id = $1 and c.withdrawn_at is null for update of c`,
        [id],
      )) as { of: string }[];
      if (!found || !own.includes(found.of)) throw new Refusal('COMMENTARY_ABSENT');
      await tx.query(
        `update remarks.commentary set text = '', figures = '[]', withdrawn_by = $2, withdrawn_at = $3 where id = $1`,
        [id, writer.id, this.clock.now()],
      );
    });
  }
}
