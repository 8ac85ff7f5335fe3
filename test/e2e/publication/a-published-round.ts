import { audit, checkCertificate } from '@hub/disclosure';
import { canonical, sha256 } from '@hub/kernel';
import { decodeLeaf, leafHash, parseReceipt } from '@hub/ledger/domain';
import { checkPublication, proofIn } from '@hub/publications/checker';
import { kindOf, rowsOf } from '@hub/publications/domain';
import { ask } from '../../support/database';
import { graphql } from '../../support/graphql';
import { digestsIn, hashesOf, keptInSight } from '../../support/guessing';
import { brokenDown, nameOf, quarterly, returnOf } from '../../support/returns';
import { NORTH_EAST } from '../../support/world';
import { YORKSHIRE, QUARTER, world, northEast, send, released, documentOf, bands } from './hub';

describe('a published round', () => {
  let silent: string;
  let unable: string;
  let round: string;

  beforeAll(async () => {
    silent = northEast[11]!;
    unable = northEast[10]!;
    round = await world.openRound(NORTH_EAST, quarterly.code, QUARTER);
    for (const [i, authority] of northEast.slice(0, 10).entries()) {
      const duration = brokenDown(quarterly, 'CP01', 'duration', bands[i]!);
      const plans = duration[0]!.count!;
      await send(NORTH_EAST, quarterly, QUARTER, authority, [
        ...duration,
        { indicator: 'CP04', count: bands[i]![4], of: plans },
        { indicator: 'SV01', count: 3 + i * 4, of: 6 + i * 4 },
      ]);
    }
    const reason = 'The system was changed over.';
    await send(NORTH_EAST, quarterly, QUARTER, unable, [{ indicator: 'CP01', status: 'notAvailable', reason }]);
  });

  test('is refused while it is open', async () => {
    const before = await released();
    const lead = await world.token('regional-lead', NORTH_EAST);
    const { errors } = await graphql(world.hub.url, lead, 'mutation ($id: ID!) { publishRound(id: $id) { state } }', {
      id: round,
    });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['ROUND_NOT_CLOSED']);
    expect(await released()).toEqual(before);
  });

  test('is published once it is closed', async () => {
    expect(await world.publish(NORTH_EAST, round)).toEqual({ state: 'PUBLISHED', heldBecause: null });
  });

  test('is one canonical document, its digest, and just the rows that the document holds', async () => {
    const { id, document, digest, parsed } = await documentOf(NORTH_EAST);
    expect(canonical(parsed)).toBe(document);
    expect(digest.toString('hex')).toBe(sha256(document).toString('hex'));
    const [entry] = await ask<{ leaf: Buffer }>(
      world.ownerUrl,
      'select leaf from ledger.entry order by index desc limit 1',
    );
    expect(decodeLeaf(entry!.leaf)).toEqual({
      v: 1,
      kind: 'publication',
      hub: world.hubId,
      region: NORTH_EAST,
      dataset: nameOf(quarterly),
      period: parsed.period,
      publication: parsed.id,
      number: 1,
      event: 'published',
      digest: digest.toString('hex'),
      at: parsed.publishedAt,
    });
    const stored = await ask<{ key: string; authority: string | null; kind: number; value: string | null }>(
      world.ownerUrl,
      `select s.key, a.code as authority, f.kind, f.value from release.figure f join registry.series s on s.id = f.series_id
         left join registry.authority a on a.id = f.authority_id where f.publication_id = $1`,
      [id],
    );
    const text = (row: object) => JSON.stringify(row);
    const rebuilt = rowsOf(parsed).map(({ series, authority, figure }) =>
      text([series, authority, figure.kind, figure.kind === 'value' ? figure.value : null]),
    );
    const rows = stored.map(({ key, authority, kind, value }) =>
      text([key, authority, kindOf(kind), value === null ? null : Number(value)]),
    );
    expect(rows.sort()).toEqual(rebuilt.sort());
    const hidden = stored.filter(({ kind }) => kindOf(kind) === 'hidden');
    expect(hidden.length).toBeGreaterThan(10);
    expect(hidden.every(({ value }) => value === null)).toBe(true);
  });

  test('goes with what its reader needs to check it: document, proof and receipt', async () => {
    const { parsed } = await documentOf(NORTH_EAST);
    const { publication } = await world.ask<{
      publication: { digest: string; document: string; proof: string; receipt: string; endedAt: null };
    }>(
      await world.token('scrutineer', northEast[0]!),
      'query ($id: ID!) { publication(id: $id) { digest document proof receipt endedAt supersededBy } }',
      { id: parsed.id },
    );
    const ledgerKey = await world.ledgerKey();
    const checked = checkPublication(publication, quarterly, [ledgerKey]);
    expect(checked).toMatchObject({ digest: publication.digest, unshown: [], entry: { publication: parsed.id } });
    const printed = parsed.series.flatMap(({ region, figures }) => [region, ...figures]);
    expect(checked.hidden).toBe(printed.filter((figure) => figure === 'hidden').length);
    // Every table of the proof differs from what was sent: none of them is the truth with something moved.
    const { base, tables } = proofIn(publication.proof);
    const { problem } = await documentOf(NORTH_EAST);
    const truth = new Map(problem.cells.map(({ id, value }) => [id, value]));
    for (const changes of [{}, ...tables] as Record<string, number>[])
      expect(Object.entries(base).every(([id, count]) => count + (changes[id] ?? 0) === truth.get(id))).toBe(false);
  });

  test('is absent for who lies outside its region, like one that there is not', async () => {
    const { parsed } = await documentOf(NORTH_EAST);
    const ask = async (role: string, of: string, id: string) => {
      const query = 'query ($id: ID!) { publication(id: $id) { digest document } }';
      const { data, errors } = await graphql(world.hub.url, await world.token(role, of), query, { id });
      return [data, errors?.map(({ extensions }) => extensions.code)];
    };
    const absent = [{ publication: null }, ['PUBLICATION_ABSENT']];
    const there = parsed.id;
    for (const id of [there, there.slice(0, -1) + (there.endsWith('0') ? '1' : '0'), 'pub_hub-local_x', ''])
      expect(await ask('regional-lead', YORKSHIRE, id)).toEqual(absent);
    expect(await ask('steward', 'hub', there)).toEqual(absent);
  });

  test('tells a hidden number nowhere: not in the document, not to a reader', async () => {
    const { parsed } = await documentOf(NORTH_EAST);
    const shares = (category: string) => parsed.series.find(({ key }) => key === `CP01|duration=${category}#count`)!;
    const { figures } = shares('2-years-or-more');
    for (const [i, counts] of bands.entries()) {
      // Zeros are printed, 1 to 9 never.
      if (counts[4] === 0) expect(figures[i]).toBe(0);
      else if (counts[4] < 10) expect(figures[i]).toBe('hidden');
      else expect(['hidden', counts[4]]).toContain(figures[i]);
    }
    const printed = parsed.series.flatMap(({ figures: all, region }) => [...all, region]);
    expect(printed.some((figure) => typeof figure === 'number' && figure > 0 && figure < 10)).toBe(false);
    expect(printed.filter((figure) => typeof figure === 'number' && figure > 0).length).toBeGreaterThan(30);
  });

  test('says who sent nothing, and who could not say', async () => {
    const { parsed } = await documentOf(NORTH_EAST);
    expect(parsed.authorities).toEqual(northEast);
    expect(parsed.submitted).toEqual(northEast.slice(0, 11));
    const total = parsed.series.find(({ key }) => key === 'CP01#count')!;
    expect(total.figures.slice(10)).toEqual(['notAvailable', 'notSubmitted']);
    expect(parsed.series.find(({ key }) => key === 'RF01#count')).toMatchObject({
      region: 'notAvailable',
      figures: [...Array<string>(11).fill('notCollected'), 'notSubmitted'],
    });
  });

  test('is read with its coverage, rates of printed figures, and nothing beside a hidden one', async () => {
    const { region } = await world.ask<{
      region: {
        benchmark: {
          coverage: object;
          publication: { digest: string };
          authorities: {
            authority: { code: string };
            figure: { kind: string; count: number | null; value: number | null };
            rank: number | null;
          }[];
          quartiles: { basis: number } | null;
        };
      };
    }>(
      await world.token('regional-lead', NORTH_EAST),
      `query { region(code: "${NORTH_EAST}") { benchmark(indicator: "CP01", period: "${QUARTER}",
         breakdown: [{ dimension: "duration", category: "2-years-or-more" }]) {
           coverage { shown submitted parties text } publication { digest }
           authorities { authority { code } figure { kind count value } rank } quartiles { basis } } } }`,
    );
    const { coverage, authorities, publication, quartiles } = region.benchmark;
    const shown = authorities.filter(({ figure }) => figure.kind === 'VALUE');
    expect(coverage).toEqual({ shown: shown.length, submitted: 10, parties: 12, text: '10 of 12' });
    expect(publication.digest).toBe((await documentOf(NORTH_EAST)).digest.toString('hex'));
    expect(authorities.map(({ authority }) => authority.code)).toEqual(northEast);
    const kinds = new Map(authorities.map(({ authority, figure }) => [authority.code, figure.kind]));
    // A category of a return that could not say its total was left out, as was the whole return.
    expect([kinds.get(unable), kinds.get(silent)]).toEqual(['NOT_SUBMITTED', 'NOT_SUBMITTED']);
    for (const { figure, rank } of authorities) {
      if (figure.kind !== 'VALUE') expect([figure.count, figure.value, rank]).toEqual([null, null, null]);
    }
    expect(quartiles?.basis ?? null).toBe(shown.length < 4 ? null : shown.length);
  });

  test('no digest that the hub keeps or shows confirms a guess at a hidden number', async () => {
    const { document, parsed } = await documentOf(NORTH_EAST);
    const hidden = parsed.series.flatMap(({ key, figures }) =>
      figures.flatMap((figure, i) => (figure === 'hidden' ? [{ key, authority: parsed.authorities[i]! }] : [])),
    );
    expect(hidden.length).toBeGreaterThan(10);
    const entries = await ask<{ leaf: Buffer }>(world.ownerUrl, 'select leaf from ledger.entry order by index');
    const leaf = entries
      .map((entry) => decodeLeaf(entry.leaf))
      .find((one) => one.kind === 'submission' && one.authority === northEast[0])!;

    // Each hidden number by itself, in the words in which a program would write it down.
    const guesses = new Map<string, string>();
    for (const { key, authority } of hidden) {
      for (let count = 0; count <= 12; count++) {
        const words = [`${count}`, `${key}=${count}`, `${key}:${count}`, `${authority} ${key} ${count}`];
        for (const guess of [...words, { key, authority, value: count }, { indicator: key, count }]) {
          for (const hash of hashesOf(guess)) guesses.set(hash, `${key} ${authority} ${count}`);
        }
      }
    }
    // The whole return of an authority by somebody who knows all of it but two of its hidden numbers, and the whole
    // publication with such numbers in their places.
    const [authority, short, taken] = [northEast[0]!, bands[0][4], 3];
    expect(hidden).toContainEqual({ key: 'CP01|duration=2-years-or-more#count', authority });
    expect(hidden).toContainEqual({ key: 'SV01#count', authority });
    const payloadOf = (last: number, count: number) => {
      const duration = brokenDown(quarterly, 'CP01', 'duration', [...bands[0].slice(0, 4), last]);
      const months = { indicator: 'CP04', count: last, of: duration[0]!.count! };
      const rows = returnOf(quarterly, [...duration, months, { indicator: 'SV01', count, of: 6 }]);
      return world.payload(NORTH_EAST, nameOf(quarterly), { authority, period: QUARTER, rows });
    };
    const [sent] = await ask<{ envelope: Buffer }>(
      world.ownerUrl,
      `select w.envelope from intake.raw w join registry.authority a on a.id = w.authority_id where a.code = $1`,
      [authority],
    );
    const signed = (JSON.parse(sent!.envelope.toString()) as { payload: string }).payload;
    expect(Buffer.from(signed, 'base64url').toString()).toBe(JSON.stringify(payloadOf(short, taken)));
    const guessed = (guess: unknown, what: string) => {
      const hashes = hashesOf(guess);
      const leaves = hashes.slice(0, 2).flatMap((envelope) => hashesOf({ ...leaf, envelope }));
      for (const hash of [...hashes, ...leaves]) guesses.set(hash, what);
    };
    for (let last = 0; last <= 12; last++) {
      guessed(JSON.parse(document.replaceAll('"hidden"', `${last}`)), `the publication with ${last}`);
      for (let count = 0; count <= 6; count++) {
        const payload = payloadOf(last, count);
        for (const guess of [payload, payload.rows]) guessed(guess, `the return with ${last} and ${count}`);
      }
    }
    const confirmed = (digests: ReadonlySet<string>) => [...digests].flatMap((digest) => guesses.get(digest) ?? []);

    const kept = await keptInSight(world.ownerUrl);
    const shown = await Promise.all(
      ['/.well-known/hub.json', '/.well-known/jwks.json', '/ledger/checkpoint'].map(async (path) =>
        (await fetch(`${world.hub.url}${path}`)).text(),
      ),
    );
    const inSight = digestsIn([...kept, ...shown]);
    // The ledger, the receipts, the publication and the salted digests are among what was searched.
    const [raw] = await ask<{ salted: Buffer; receipt: string; published: Buffer }>(
      world.ownerUrl,
      `select w.payload_digest as salted, r.receipt, p.digest as published from intake.raw w
         join intake.receipt r using (submission_id), release.publication p limit 1`,
    );
    const places = [raw!.salted, raw!.published, leafHash(entries[0]!.leaf), parseReceipt(raw!.receipt).proof[0]!];
    for (const place of places) expect(inSight).toContain(place.toString('hex'));
    expect(guesses.size).toBeGreaterThan(10_000);

    expect(confirmed(inSight)).toEqual([]);

    // The same search finds a digest that somebody forgot to salt, wherever it stands.
    const forgotten = sha256(JSON.stringify(payloadOf(short, taken)));
    const planted = {
      'in a column': `\\x${forgotten.toString('hex')}`,
      'in a receipt': `extra ${Buffer.from(canonical({ ...leaf, envelope: forgotten.toString('hex') })).toString('base64')}`,
      'as a hash of the ledger': leafHash(
        Buffer.from(canonical({ ...leaf, envelope: forgotten.toString('hex') })),
      ).toString('base64'),
    };
    for (const text of Object.values(planted)) {
      expect(confirmed(digestsIn([text]))).toEqual([`the return with ${short} and ${taken}`]);
    }
    const cell = sha256(`CP01|duration=2-years-or-more#count=${short}`).toString('base64url');
    expect(confirmed(digestsIn([cell]))).toEqual([expect.stringMatching(/CP01.* 3$/)]);
  });

  test('was safe: an audit that shares no code with the suppressor finds nothing', async () => {
    const { problem, decision } = await documentOf(NORTH_EAST);
    expect(decision.status).toBe('protected');
    expect(problem.policy).toMatchObject({
      threshold: 10,
      zeros: 'printed',
      protect: 'range',
      told: true,
      insiders: true,
    });
    const verdict = await audit(problem, decision);
    expect([verdict.status, verdict.exposed]).toEqual(['safe', []]);
    expect(verdict.cells).toBeGreaterThan(10);
    expect(checkCertificate(problem, decision, decision.certificate).status).toBe('safe');
  });

  test('was protected by what the certificate says: changed in one number it proves nothing', async () => {
    const { problem, decision } = await documentOf(NORTH_EAST);
    const { certificate } = decision;
    const changed = certificate.witnesses.find(({ values }) => Object.keys(values).length > 0)!;
    const [cell, value] = Object.entries(changed.values)[0]!;
    const witnesses = certificate.witnesses.map((witness) =>
      witness === changed ? { ...witness, values: { ...witness.values, [cell]: value + 1 } } : witness,
    );
    const mutated = { ...certificate, witnesses };
    expect(checkCertificate(problem, decision, mutated).status).toBe('exposed');
    const printedAgain = { suppressed: decision.suppressed.slice(1) };
    expect((await audit(problem, printedAgain)).status).toBe('exposed');
  });
});
