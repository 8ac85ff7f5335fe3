import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit, checkCertificate, type Problem } from '@hub/disclosure';
import { decodeLeaf, parseReceipt } from '@hub/ledger/domain';
import { publicId } from '@hub/platform';
import { type KeptDecision, type PublicationDocument } from '@hub/publications/domain';
import { built as hub } from '../../support/command-line';
import { ask } from '../../support/database';
import { until } from '../../support/field';
import { graphql } from '../../support/graphql';
import { annual, brokenDown, quarterly } from '../../support/returns';
import { day, NORTH_EAST, WEST_MIDLANDS, type Row } from '../../support/world';
import { QUARTER, folder, world, northEast, send, publish, whyNot, released, decisionIn, refusalOf } from './hub';

describe('a published round, opened again', () => {
  let silent: string;
  let round: string;

  beforeAll(async () => {
    silent = northEast[11]!;
    const [opened] = await ask<{ id: string }>(
      world.ownerUrl,
      'select r.id from rounds.round r join registry.region g on g.id = r.region_id where g.code = $1 and r.period = $2',
      [NORTH_EAST, QUARTER],
    );
    round = publicId('rnd', world.hubId, opened!.id);
  });

  test('is followed by a revised edition, in which a late and a corrected return stand', async () => {
    const lead = await world.token('regional-lead', NORTH_EAST);
    const openEdition = (edition: string) =>
      graphql<{ openEdition: { state: string; edition: string } }>(
        world.hub.url,
        lead,
        `mutation ($id: ID!, $due: Date!, $closes: Date!) {
           openEdition(round: $id, edition: ${edition}, due: $due, closes: $closes) { state edition } }`,
        { id: round, due: day(10), closes: day(20) },
      );
    const [first] = await ask<{ id: string; document: string }>(
      world.ownerUrl,
      `select id, document from release.publication where state = 'current' and period = $1`,
      [QUARTER],
    );
    expect(whyNot(await openEdition('PROVISIONAL'))).toEqual(['ROUND_EDITION']);
    expect((await openEdition('REVISED')).data).toEqual({ openEdition: { state: 'OPEN', edition: 'REVISED' } });
    expect(whyNot(await openEdition('REVISED'))).toEqual(['ROUND_NOT_CLOSED']);
    const corrected = northEast[0]!;
    const plansIn = (band: readonly number[]): Row[] => {
      const duration = brokenDown(quarterly, 'CP01', 'duration', band);
      return [...duration, { indicator: 'CP04', count: band[4]!, of: duration[0]!.count! }];
    };
    // The late one has a small count; beside the first edition it would be the difference of two totals.
    await send(NORTH_EAST, quarterly, QUARTER, silent, plansIn([44, 35, 2, 17, 12]));
    await send(NORTH_EAST, quarterly, QUARTER, corrected, [
      ...plansIn([32, 22, 14, 12, 3]),
      { indicator: 'SV01', count: 3, of: 6 },
    ]);
    expect(await world.publish(NORTH_EAST, round)).toEqual({ state: 'PUBLISHED', heldBecause: null });

    const rows = await ask<{
      id: string;
      document: string;
      state: string;
      edition: string;
      problem: Problem;
      decision: KeptDecision;
    }>(
      world.ownerUrl,
      `select p.id, p.document, p.state, p.edition, c.problem, c.decision from release.publication p
         join proof.certificate c on c.publication_id = p.id where p.period = $1 order by p.number`,
      [QUARTER],
    );
    expect(rows.map(({ state, edition }) => [state, edition])).toEqual([
      ['superseded', 'provisional'],
      ['current', 'revised'],
    ]);
    const events = await ask<{ publication: string; event: string; successor: string | null }>(
      world.ownerUrl,
      `select e.publication_id as publication, e.event, e.successor_id as successor from release.publication_event e
         join release.publication p on p.id = e.publication_id where p.period = $1 order by e.event, p.number`,
      [QUARTER],
    );
    expect(events).toEqual([
      { publication: rows[0]!.id, event: 'published', successor: null },
      { publication: rows[1]!.id, event: 'published', successor: null },
      { publication: rows[0]!.id, event: 'superseded', successor: rows[1]!.id },
    ]);
    // And says since when and by which, to whoever comes by its old id.
    const [superseded, by] = rows.map(({ id }) => publicId('pub', world.hubId, id)) as [string, string];
    const says = (id: string) =>
      world.ask<{ publication: object }>(
        lead,
        'query ($id: ID!) { publication(id: $id) { state endedAt supersededBy revised } }',
        { id },
      );
    const { publishedAt } = JSON.parse(rows[1]!.document) as PublicationDocument;
    expect((await says(superseded)).publication).toEqual({
      state: 'SUPERSEDED',
      endedAt: publishedAt,
      supersededBy: by,
      revised: [],
    });
    expect((await says(by)).publication).toEqual({
      state: 'CURRENT',
      endedAt: null,
      supersededBy: null,
      revised: [corrected, silent].sort(),
    });
    writeFileSync(join(folder, 'lead-token'), lead);
    const at = ['--url', world.hub.url, '--token-file', join(folder, 'lead-token')];
    // From what to what is told where both print a count, and of nothing else.
    const [older, newer] = rows.map(({ document }) => JSON.parse(document) as PublicationDocument);
    const changed = newer!.series.flatMap(({ key, region, figures }) => {
      const old = older!.series.find((one) => one.key === key)!;
      return [region, ...figures].flatMap((is, i) => {
        const was = i === 0 ? old.region : old.figures[i - 1];
        return typeof was === 'number' && typeof is === 'number' && was !== is
          ? [[i === 0 ? null : newer!.authorities[i - 1], key, was, is]]
          : [];
      });
    });
    expect(changed.some(([authority]) => authority === corrected)).toBe(true);
    const revisionsOf = async (id: string) => {
      const said = await hub('publication', 'revisions', id, ...at, '--json');
      return JSON.parse(said.stdout) as
        | {
            authority: { code: string } | null;
            indicator: { code: string };
            dimension: string | null;
            category: string | null;
            ofDenominator: boolean;
            was: number;
            is: number;
          }[]
        | null;
    };
    const key = (one: NonNullable<Awaited<ReturnType<typeof revisionsOf>>>[number]) =>
      `${one.indicator.code}${one.dimension === null ? '' : `|${one.dimension}=${one.category}`}#${one.ofDenominator ? 'of' : 'count'}`;
    expect((await revisionsOf(by))!.map((one) => [one.authority?.code ?? null, key(one), one.was, one.is])).toEqual(
      changed,
    );
    expect(await revisionsOf(superseded)).toBeNull();
    // What was frozen stays as it was.
    expect(rows[0]).toMatchObject(first!);
    const [before, after] = rows.map(({ document }) => JSON.parse(document) as PublicationDocument) as [
      PublicationDocument,
      PublicationDocument,
    ];
    expect(after.revised).toEqual([corrected, silent].sort());
    expect(after.submitted).toContain(silent);
    expect(before.submitted).not.toContain(silent);
    // Nothing that was hidden comes out, and nothing that was printed and is the same goes in.
    for (const { key, figures } of before.series) {
      const now = after.series.find((one) => one.key === key)!;
      figures.forEach((figure, i) => {
        if (after.revised!.includes(before.authorities[i]!)) return;
        expect([key, i, now.figures[i]]).toEqual([key, i, figure]);
      });
    }
    const { problem } = rows[1]!;
    const decision = decisionIn(rows[1]!.decision);
    expect(await audit(problem, decision)).toMatchObject({ status: 'safe' });
    expect(checkCertificate(problem, decision, decision.certificate)).toMatchObject({ status: 'safe' });
    const small = `CP01|duration=${plansIn([44, 35, 2, 17, 12])[3]!.breakdown!['duration']}#count`;
    const { figures } = after.series.find(({ key }) => key === small)!;
    expect(figures[after.authorities.indexOf(silent)]).toBe('hidden');
  });

  describe('that its lead withdraws', () => {
    const WITHDRAWN = `state endedAt supersededBy receipt withdrawal { at because inWords replacedBy }`;
    const WITHDRAW =
      'mutation ($id: ID!) { withdrawPublication(id: $id, because: FIGURES_WRONG) { publication at because replacedBy } }';
    const editions = () =>
      ask<{ id: string; state: string }>(
        world.ownerUrl,
        'select id, state from release.publication where period = $1 order by number',
        [QUARTER],
      );
    const told = async (role: string, of: string, query: string, variables: object) =>
      graphql<Record<string, unknown>>(world.hub.url, await world.token(role, of), query, { ...variables });
    const file = (name: string) => join(folder, name);
    /** Of the returns of the first authority in it: whether there is a receipt, and a proof from its own side. */
    const mineOf = async (id: string) => {
      const { data } = await told(
        'authority-analyst',
        northEast[0]!,
        'query ($id: ID!) { publication(id: $id) { mine { receipt proof } } }',
        { id },
      );
      const { mine } = data!['publication'] as { mine: { receipt: string | null; proof: string | null }[] };
      return mine.map(({ receipt, proof }) => [receipt !== null, proof !== null]);
    };
    let [superseded, revised] = ['', ''];

    beforeAll(async () => {
      [superseded, revised] = (await editions()).map(({ id }) => publicId('pub', world.hubId, id)) as [string, string];
    });

    test('is withdrawn by nobody else, and with no words of their own', async () => {
      for (const [role, of, code] of [
        ['authority-approver', northEast[0]!, 'NOT_FOR_THIS_ROLE'],
        ['steward', 'hub', 'NOT_FOR_THIS_ROLE'],
        ['regional-lead', WEST_MIDLANDS, 'PUBLICATION_ABSENT'],
      ] as const)
        expect([role, whyNot(await told(role, of, WITHDRAW, { id: revised }))]).toEqual([role, [code]]);
      writeFileSync(file('token'), await world.token('regional-lead', NORTH_EAST));
      const own = ['--because', 'there were 3', '--url', world.hub.url, '--token-file', file('token')];
      expect(await hub('publication', 'withdraw', revised, ...own)).toMatchObject({ status: 2, stdout: '' });
      expect((await editions()).map(({ state }) => state)).toEqual(['superseded', 'current']);
    });

    test('is given to nobody from then on, and nothing else takes its place: the edition before stays superseded', async () => {
      const at = ['--url', world.hub.url, '--token-file', file('token')];
      expect(await hub('publication', 'verify', revised, ...at, '--save', file('wrong.json'))).toMatchObject({
        status: 0,
      });
      expect(await mineOf(revised)).toEqual([[true, true]]);
      const done = await hub('publication', 'withdraw', revised, '--because', 'figuresWrong', ...at);
      expect(done).toMatchObject({ status: 0, stderr: '' });
      expect(done.stdout).toMatch(/because +some of its figures are wrong\nreplaced by +nothing yet/);
      expect((await editions()).map(({ state }) => state)).toEqual(['superseded', 'withdrawn']);

      const analyst = ['authority-analyst', northEast[0]!] as const;
      const looked = await told(...analyst, `query ($id: ID!) { publication(id: $id) { digest ${WITHDRAWN} } }`, {
        id: revised,
      });
      expect(looked.errors).toBeUndefined();
      const { receipt, ...rest } = looked.data!['publication'] as { endedAt: string; receipt: string };
      const since = rest.endedAt;
      const withdrawal = {
        at: since,
        because: 'FIGURES_WRONG',
        inWords: 'some of its figures are wrong',
        replacedBy: null,
      };
      expect(rest).toMatchObject({ state: 'WITHDRAWN', supersededBy: null, withdrawal });
      expect(decodeLeaf(parseReceipt(receipt).leaf)).toMatchObject({
        kind: 'publication',
        publication: revised,
        event: 'withdrawn',
        because: 'figuresWrong',
        at: since,
      });
      // That its own return stands in it an authority knows still; the proof is made of the figures.
      expect(await mineOf(revised)).toEqual([[true, false]]);
      // Withdrawing again changes nothing.
      const again = await told('regional-lead', NORTH_EAST, WITHDRAW, { id: revised });
      expect(again.data).toMatchObject({ withdrawPublication: { publication: revised, at: since } });
      const otherwise = await hub('publication', 'withdraw', revised, '--because', 'notToBeShown', ...at);
      expect(otherwise).toMatchObject({
        status: 0,
        stdout: done.stdout,
        stderr: expect.stringMatching(/^It was withdrawn before, for another reason/) as string,
      });

      for (const field of ['document', 'proof', `why(series: "CP01#count") { formula }`]) {
        const { data, errors } = await told(...analyst, `query ($id: ID!) { publication(id: $id) { id ${field} } }`, {
          id: revised,
        });
        expect([field, Object.values(data!['publication']!)]).toEqual([field, [revised, null]]);
        expect([field, errors![0]!.extensions]).toMatchObject([
          field,
          { code: 'PUBLICATION_WITHDRAWN', kind: 'gone', facts: { since, because: 'figuresWrong' } },
        ]);
      }
      const { data } = await told(
        ...analyst,
        `query ($region: ID!, $period: String!) { region(code: $region) { benchmark(indicator: "CP01", period: $period) { shows }
           publications(period: $period) { edges { node { id state digest } } } } }`,
        { region: NORTH_EAST, period: QUARTER },
      );
      expect(data).toMatchObject({
        region: {
          benchmark: null,
          publications: {
            edges: [
              { node: { id: revised, state: 'WITHDRAWN', digest: (rest as unknown as { digest: string }).digest } },
              { node: { id: superseded, state: 'SUPERSEDED' } },
            ],
          },
        },
      });
      expect(await hub('publication', 'verify', revised, ...at)).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(/^PUBLICATION_WITHDRAWN/) as string,
      });
    });

    test('is known again by whoever keeps a copy, and every authority of the region is told', async () => {
      const ledgerKey = await world.ledgerKey();
      const offline = ['publication', 'verify', file('wrong.json'), '--hub-key', ledgerKey];
      expect(await hub(...offline)).toMatchObject({ status: 0, stderr: '' });
      expect(await hub(...offline, '--url', world.hub.url, '--token-file', file('token'))).toMatchObject({
        status: 1,
        stdout: expect.stringMatching(/state +withdrawn since 20/) as string,
        stderr: expect.stringMatching(
          /^PUBLICATION_WITHDRAWN: .*because some of its figures are wrong: do not use it/,
        ) as string,
      });
      await until('all are told', async () => {
        const { data } = await told(
          'regional-lead',
          NORTH_EAST,
          'query ($id: ID!) { round(id: $id) { notices { kind authority { code } } } }',
          { id: round },
        );
        const { notices } = data!['round'] as { notices: { kind: string; authority: { code: string } }[] };
        const codes = notices.filter(({ kind }) => kind === 'WITHDRAWN').map(({ authority }) => authority.code);
        return JSON.stringify(codes.sort()) === JSON.stringify([...northEast].sort());
      });
    });

    test('stays in the book, and the same edition can follow: it hides what was hidden, and is named as what replaces it', async () => {
      const lead = await world.client('regional-lead', NORTH_EAST);
      expect(await lead.openEdition(round, { edition: 'revised', due: day(10), closes: day(20) })).toMatchObject({
        edition: 'revised',
      });
      expect(await world.publish(NORTH_EAST, round)).toEqual({ state: 'PUBLISHED', heldBecause: null });
      const rows = await ask<{ id: string; state: string; series: PublicationDocument['series'] }>(
        world.ownerUrl,
        `select id, state, document::json -> 'series' as series from release.publication where period = $1 order by number`,
        [QUARTER],
      );
      expect(rows.map(({ state }) => state)).toEqual(['superseded', 'withdrawn', 'current']);
      // The same returns: what was released stays known, so it prints and hides the same.
      expect(rows[2]!.series).toEqual(rows[1]!.series);
      const replacedBy = publicId('pub', world.hubId, rows[2]!.id);
      const query = `query ($id: ID!) { publication(id: $id) { document ${WITHDRAWN} } }`;
      const { data, errors } = await told('authority-analyst', northEast[0]!, query, { id: revised });
      expect(errors![0]!.extensions).toMatchObject({ code: 'PUBLICATION_WITHDRAWN', facts: { replacedBy } });
      expect(data).toMatchObject({ publication: { supersededBy: replacedBy, withdrawal: { replacedBy } } });
      // Of the edition before nothing has changed; it can go too.
      expect(whyNot(await told('regional-lead', NORTH_EAST, WITHDRAW, { id: superseded }))).toEqual([]);
      expect((await editions()).map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn', 'current']);
    });
  });

  test('whose proof is gone keeps out what shares its figures, and nothing changes', async () => {
    const kept = 'create table public.kept as select publication_id, attackers from proof.certificate';
    await ask(world.ownerUrl, kept);
    // As when one of its returns was purged, or as publications were before the book.
    await ask(world.ownerUrl, 'update proof.certificate set attackers = null');
    const before = await released();
    const returns = new Map(
      northEast
        .slice(0, 4)
        .map((authority, i) => [authority, brokenDown(annual, 'CP01', 'duration', [31 + i, 22, 14, 12, 16])]),
    );
    const held = await publish(NORTH_EAST, annual, '2023-FY', returns);
    expect(held).toMatchObject({ state: 'HELD', heldBecause: 'PUBLICATION_LINKED' });
    expect(await released()).toEqual(before);
    expect((await refusalOf(held.round)).code).toBe('PUBLICATION_LINKED');
    await ask(
      world.ownerUrl,
      'update proof.certificate c set attackers = k.attackers from public.kept k where k.publication_id = c.publication_id',
    );
    await ask(world.ownerUrl, 'drop table public.kept');
  });
});
