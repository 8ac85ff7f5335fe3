import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit, checkCertificate, type Problem } from '@hub/disclosure';
import { canonical, sha256 } from '@hub/kernel';
import { decodeLeaf, leafHash, parseReceipt } from '@hub/ledger/domain';
import { publicId } from '@hub/platform';
import { checkPublication, proofIn } from '@hub/publications/checker';
import { kindOf, rowsOf, type KeptDecision, type PublicationDocument } from '@hub/publications/domain';
import { built as hub } from '../../support/command-line';
import { ask } from '../../support/database';
import { until } from '../../support/field';
import { graphql } from '../../support/graphql';
import { digestsIn, hashesOf, keptInSight } from '../../support/guessing';
import { annual, brokenDown, nameOf, quarterly, returnOf } from '../../support/returns';
import { rootFolder } from '../../support/root';
import { day, NORTH_EAST, WEST_MIDLANDS, type Row } from '../../support/world';
import {
  YORKSHIRE,
  QUARTER,
  folder,
  world,
  northEast,
  send,
  publish,
  whyNot,
  released,
  documentOf,
  decisionIn,
  refusalOf,
  bands,
} from './hub';

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
    const { ledgerKey } = (await (await fetch(`${world.hub.url}/.well-known/hub.json`)).json()) as {
      ledgerKey: string;
    };
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

  describe('at the command line', () => {
    const file = (name: string) => join(folder, name);
    const verified = async (role: string, of: string, ...more: string[]) => {
      writeFileSync(file('token'), await world.token(role, of));
      const { parsed } = await documentOf(NORTH_EAST);
      return hub('publication', 'verify', parsed.id, '--url', world.hub.url, '--token-file', file('token'), ...more);
    };

    test('is checked in one line, by whoever may read it', async () => {
      const { status, stdout, stderr } = await verified('regional-lead', NORTH_EAST, '--save', file('kept.json'));
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(
        /^checked: digest, ledger entry, \d+ equations, \d+ hidden figures: none can be computed from what is printed\n/,
      );
      // What the how-to shows is what the command says, but for ids, digests, moments, and how much is hidden.
      const page = readFileSync(join(rootFolder, 'docs/how-to/check-a-publication.md'), 'utf8');
      const shown = /<!-- what it says -->\n\n```\n([^`]*)```/.exec(page)?.[1];
      const steady = (text = '') =>
        text
          .replace(/pub_[a-z0-9_-]+/g, 'pub_…')
          .replace(/[0-9a-f]{64}/g, '…')
          // How few have to be hidden, and in how many tables that is shown, is the engine's to improve.
          .replace(/\d+(?= hidden figures| whole tables)/g, '…')
          .replace(/20\d\d-[0-9T:.-]+Z/g, '…');
      expect(steady(shown)).toBe(steady(stdout));
      expect(statSync(file('kept.json')).mode & 0o777).toBe(0o600);
      expect(JSON.parse(readFileSync(file('kept.json'), 'utf8'))).toMatchObject({ own: [] });
    });

    test('is checked offline years later, and any change of what was kept is found', async () => {
      const { ledgerKey } = (await (await fetch(`${world.hub.url}/.well-known/hub.json`)).json()) as {
        ledgerKey: string;
      };
      const offline = (name: string) => hub('publication', 'verify', file(name), '--hub-key', ledgerKey);
      expect(await offline('kept.json')).toMatchObject({ status: 0, stderr: '' });
      const kept = JSON.parse(readFileSync(file('kept.json'), 'utf8')) as Record<'document' | 'proof', string>;
      for (const [name, changed] of Object.entries({
        figure: { ...kept, document: kept.document.replace(/"region":(\d+)/, (_, n) => `"region":${Number(n) + 1}`) },
        proof: { ...kept, proof: kept.proof.replace(/:(\d+)/, (_, n) => `:${Number(n) + 1}`) },
      })) {
        writeFileSync(file(name), JSON.stringify(changed));
        expect([name, await offline(name)]).toEqual([
          name,
          {
            status: 1,
            stdout: '',
            stderr: expect.stringMatching(/^PUBLICATION_INVALID: The publication does not hold: /) as string,
          },
        ]);
      }
      expect(await hub('publication', 'verify', file('kept.json'))).toMatchObject({ status: 2 });
    });

    test('is checked by an authority from its own side, with its own return', async () => {
      const authority = northEast[0]!;
      const duration = brokenDown(quarterly, 'CP01', 'duration', bands[0]);
      const rows = returnOf(quarterly, [
        ...duration,
        { indicator: 'CP04', count: bands[0][4], of: duration[0]!.count! },
        { indicator: 'SV01', count: 3, of: 6 },
      ]);
      const payload = (all: typeof rows) =>
        writeFileSync(
          file('own.json'),
          JSON.stringify(world.payload(NORTH_EAST, nameOf(quarterly), { authority, period: QUARTER, rows: all })),
        );
      payload(rows);
      const own = () => verified('authority-analyst', authority, '--own', file('own.json'));
      const { status, stdout, stderr } = await own();
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/\nchecked for E06000001: \d+ figures are printed as sent, \d+ hidden figures: /);
      // Whoever claims to have sent something else, which adds up too, is told so.
      const others = brokenDown(quarterly, 'CP01', 'duration', [bands[0][0] + 1, ...bands[0].slice(1)]);
      payload(
        rows.map((row) => {
          const at = duration.indexOf(row);
          if (at >= 0) return others[at]!;
          return row.indicator === 'CP04' && row.of !== undefined ? { ...row, of: row.of + 1 } : row;
        }),
      );
      expect(await own()).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(/^PUBLICATION_INVALID: /) as string,
      });
    });

    test('says why a figure is what it is, to its own authority with the return that it came with', async () => {
      const { parsed } = await documentOf(NORTH_EAST);
      const why = async (role: string, of: string, ...more: string[]) => {
        writeFileSync(file('token'), await world.token(role, of));
        const where = ['--url', world.hub.url, '--token-file', file('token')];
        return hub('publication', 'why', parsed.id, ...more, ...where);
      };
      const own = await why('authority-analyst', northEast[0]!, '--series', 'CP01', '--of', northEast[0]!);
      expect([own.status, own.stderr]).toEqual([0, '']);
      expect(own.stdout).toMatch(
        /^82 ÷ [\d,]+ children aged 0 to 17 × 10,000 = [\d.]+\n {2}count +82 {2}CP01#count, E06000001/,
      );
      expect(own.stdout).toMatch(/\nagreement +north-east-benchmarking, version 1, clause \/\S+\n/);
      expect(own.stdout).toMatch(/\nyour own return +sub_\S+, version 1\n$/);
      const other = await why('authority-analyst', northEast[1]!, '--series', 'CP01', '--of', northEast[0]!);
      const words = (text: string) => text.replace(/ +/g, ' ');
      expect(words(other.stdout)).toBe(words(own.stdout.replace(/your own return.*\n/, '')));
      const hidden = await why(
        'regional-lead',
        NORTH_EAST,
        '--series',
        'CP01|duration=2-years-or-more',
        '--of',
        northEast[0]!,
      );
      expect(hidden.stdout).toMatch(
        /^hidden: [^\d]+\. What is printed leaves \d+ (or more|to \d+, so [\d.]+ to [\d.]+ per 10,000)\n/,
      );
      expect(await why('regional-lead', NORTH_EAST, '--series', 'NO99')).toMatchObject({ status: 1, stdout: '' });
    });

    test('an authority’s own proof is shown to that authority alone', async () => {
      const { parsed } = await documentOf(NORTH_EAST);
      const mine = async (role: string, of: string) => {
        const { publication } = await world.ask<{
          publication: { mine: { authority: { code: string }; submission: string; proof: string }[] | null };
        }>(
          await world.token(role, of),
          'query ($id: ID!) { publication(id: $id) { mine { authority { code } submission version receipt proof } } }',
          { id: parsed.id },
        );
        return publication.mine?.map(({ authority: { code } }) => code) ?? null;
      };
      for (const authority of northEast.slice(0, 2))
        expect(await mine('authority-analyst', authority)).toEqual([authority]);
      for (const role of ['scrutineer', 'elected-member']) expect(await mine(role, northEast[0]!)).toBeNull();
      expect(await mine('regional-lead', NORTH_EAST)).toBeNull();
      expect(await mine('authority-analyst', silent)).toBeNull();
    });
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
        'query ($id: ID!) { publication(id: $id) { state endedAt supersededBy } }',
        { id },
      );
    const { publishedAt } = JSON.parse(rows[1]!.document) as PublicationDocument;
    expect((await says(superseded)).publication).toEqual({
      state: 'SUPERSEDED',
      endedAt: publishedAt,
      supersededBy: by,
    });
    expect((await says(by)).publication).toEqual({ state: 'CURRENT', endedAt: null, supersededBy: null });
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
      const { ledgerKey } = (await (await fetch(`${world.hub.url}/.well-known/hub.json`)).json()) as {
        ledgerKey: string;
      };
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
