import { Refusal, type Wording } from '@hub/kernel';
import { innerId, newId, publicId, type IdKind, type Tx } from '@hub/platform';
import type { Pinned } from '@hub/publications';
import type { IssueSource, IssueState, ItemFacts, ItemKind, ItemState, Life, Risk } from './domain';
import type { Seat } from './seats';

/** An issue as it is stored, as far as the database shows it to whoever acts. */
export interface Issue extends Life, Risk {
  readonly id: string;
  readonly theme: string;
  readonly title: string;
  readonly text: string;
  readonly question: string;
  readonly source: IssueSource;
  readonly state: IssueState;
  /** Of those whom it names: the area that leads; null where there is none, or it may not be told yet. */
  readonly leadArea: string | null;
  readonly nextReview: string | null;
  readonly wording: Wording;
  readonly wordedBy: string;
  readonly changedAt: Date;
  readonly evidence: readonly Pinned[];
}

const issueColumns = `i.id, i.board, i.author, i.state, i.theme, i.title, i.text, i.question, i.source, i.likelihood, i.impact,
  i.next_review::text as "nextReview", i.reply_by::text as "replyBy", i.shared_on::text as "sharedOn", i.recipients, i.network,
  i.wording, i.worded_by as "wordedBy", i.changed_at as "changedAt",
  (select coalesce(jsonb_agg(jsonb_build_array(n.organisation, n.replied_at, n.leads) order by n.organisation), '[]')
   from exchange.named n where n.issue_id = i.id) as named,
  (select coalesce(jsonb_agg(jsonb_build_array(e.publication_id, g.code, encode(e.digest, 'hex'), s.key, e.authority)
     order by e.place), '[]')
   from exchange.evidence e join registry.series s on s.id = e.series_id join registry.region g on g.id = e.region_id
   where e.issue_id = i.id) as evidence`;

type Row = Omit<Issue, 'named' | 'evidence' | 'leadArea'> & {
  readonly named: readonly [organisation: string, repliedAt: string | null, leads: boolean][];
  readonly evidence: readonly [id: string, region: string, digest: string, series: string, authority: string | null][];
};

const toIssue = ({ named, evidence, ...row }: Row, hubId: string): Issue => ({
  ...row,
  named: named.map(([organisation, repliedAt]) => ({
    organisation,
    repliedAt: repliedAt ? new Date(repliedAt) : null,
  })),
  leadArea: named.find(([, , leads]) => leads)?.[0] ?? null,
  evidence: evidence.map(([id, region, digest, series, authority]) => ({
    id,
    publication: publicId('pub', hubId, id),
    region,
    digest,
    series,
    authority,
  })),
});

/** The issues of a condition over `i`, newest first. */
export async function loadIssues(
  tx: Tx,
  hubId: string,
  where: string,
  values: readonly unknown[],
  limit: number | null = null,
): Promise<Issue[]> {
  const rows = (await tx.query(
    `select ${issueColumns} from exchange.issue i where ${where} order by i.id desc limit $${values.length + 1}::int`,
    [...values, limit],
  )) as Row[];
  return rows.map((row) => toIssue(row, hubId));
}

/**
 * One issue, locked against other steps until the transaction ends where the caller may change it.
 * @throws Refusal ISSUE_ABSENT
 */
export async function findIssue(tx: Tx, hubId: string, publicText: string, lock = false): Promise<Issue> {
  const id = innerId('iss', hubId, publicText);
  if (id && lock) await tx.query('select id from exchange.issue where id = $1 for update', [id]);
  const [issue] = id ? await loadIssues(tx, hubId, 'i.id = $1', [id]) : [];
  if (!issue) throw new Refusal('ISSUE_ABSENT');
  return issue;
}

/** Whom an issue names and on which figures it rests: laid down anew while nobody outside its board has read it. */
export async function keepParts(
  tx: Tx,
  issueId: string,
  named: readonly string[],
  leadArea: string | null,
  evidence: readonly Pinned[],
): Promise<void> {
  await tx.query('delete from exchange.named where issue_id = $1', [issueId]);
  await tx.query('delete from exchange.evidence where issue_id = $1', [issueId]);
  await tx.query(
    `insert into exchange.named (issue_id, organisation, leads) select $1, one, one is not distinct from $3
     from unnest($2::text[]) one`,
    [issueId, named, leadArea],
  );
  await tx.query(
    `insert into exchange.evidence (issue_id, place, region_id, publication_id, digest, series_id, authority)
     select $1, e.place, g.id, e.publication, decode(e.digest, 'hex'), s.id, e.authority
     from jsonb_to_recordset($2::jsonb) e(place smallint, region text, publication uuid, digest text, series text, authority text)
       join registry.region g on g.code = e.region join registry.series s on s.key = e.series`,
    [issueId, JSON.stringify(evidence.map(({ id, ...one }, place) => ({ ...one, place, publication: id })))],
  );
}

/** Something that was written down about an issue or at a meeting. */
export interface Item extends ItemFacts {
  readonly id: string;
  readonly issue: string | null;
  readonly about: string | null;
  readonly author: string;
  readonly ownerRole: string | null;
  readonly text: string;
  readonly impact: string | null;
  readonly wording: Wording;
  readonly at: Date;
  /** The title of its issue, where the caller sees that. */
  readonly title: string | null;
}

/** The items of a condition over `t`, newest first. */
export const loadItems = (
  tx: Tx,
  where: string,
  values: readonly unknown[],
  limit: number | null = null,
): Promise<Item[]> =>
  tx.query(
    `select t.id, t.issue_id as issue, t.meeting_id as meeting, t.about_id as about, t.kind, t.by_organisation as by, t.author,
       t.to_organisation as "to", t.owner_role as "ownerRole", t.text, t.impact, t.state, t.due::text, t.wording, t.at, i.title
     from exchange.item t left join exchange.issue i on i.id = t.issue_id
     where ${where} order by t.id desc limit $${values.length + 1}::int`,
    [...values, limit],
  );

/** @throws Refusal ITEM_ABSENT */
export async function findItem(tx: Tx, hubId: string, publicText: string, kinds: readonly ItemKind[]): Promise<Item> {
  const id = innerId('itm', hubId, publicText);
  if (id) await tx.query('select id from exchange.item where id = $1 for update', [id]);
  const [item] = id ? await loadItems(tx, 't.id = $1', [id]) : [];
  if (!item || !kinds.includes(item.kind)) throw new Refusal('ITEM_ABSENT');
  return item;
}

export interface NewItem {
  readonly kind: ItemKind;
  readonly issue?: string | null;
  readonly meeting?: string | null;
  readonly about?: string | null;
  readonly to?: string | null;
  readonly ownerRole?: string | null;
  readonly text: string;
  readonly impact?: string | null;
  readonly state?: ItemState | null;
  readonly due?: string | null;
  readonly wording?: Wording;
}

/** Writes an item down for the organisation for which the caller acts. @returns its inner id */
export async function addItem(tx: Tx, seat: Seat, item: NewItem): Promise<string> {
  const id = newId();
  await tx.query(
    `insert into exchange.item (id, issue_id, meeting_id, about_id, kind, by_organisation, author, to_organisation, owner_role,
       text, impact, state, due, wording, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      id,
      item.issue ?? null,
      item.meeting ?? null,
      item.about ?? null,
      item.kind,
      seat.acting.of,
      seat.member.id,
      item.to ?? null,
      item.ownerRole ?? null,
      item.text,
      item.impact ?? null,
      item.state ?? null,
      item.due ?? null,
      item.wording ?? 'shown',
      seat.now,
    ],
  );
  return id;
}

/** The id of the API. */
export const publicIdOf = (kind: Extract<IdKind, 'iss' | 'itm' | 'mtg'>, hubId: string, id: string): string =>
  publicId(kind, hubId, id);
