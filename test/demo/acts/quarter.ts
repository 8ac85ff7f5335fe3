import { signEnvelope } from '@hub/client';
import { verifyReceipt } from '@hub/ledger/domain';
import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { graphql, post } from '../../support/graphql';
import { nameOf, quarterly, returnOf } from '../../support/returns';
import { day, NORTH_EAST, type Row } from '../../support/world';
import { BENCHMARK, bold, mustBe, say, table, timed, type Benchmark, type Stage } from '../stage';

const [FIRST, SECOND] = ['2026-Q1', '2026-Q2'] as const;

interface OwnFigures {
  ownFigures: {
    edges: { node: { lines: { category: string | null; points: { count: number; of: number; value: number }[] }[] } }[];
  };
}
interface Said {
  status: number;
  id: string;
  state: string;
  version: number;
  receipt: string | null;
  findings: { severity: string; rule: string; pointer: string }[];
}

/**
 * Two quarters as an authority and its lead live them, on invented counts: a nil, a late and a missing return; a query that is
 * answered; a quarter that is refreshed by the next; an approver's second signature; measures of its own by team; a provisional
 * edition and a revised one.
 */
export const quarter = (stage: Stage, gone: string) => timed('a quarter', () => twoQuarters(stage, gone));

async function twoQuarters({ world, agreement, hubKey }: Stage, gone: string) {
  const parties = agreement.parties.map(({ authority }) => authority as string).filter((code) => code !== gone);
  const [changing, nil, late, missing, signing] = parties as [string, string, string, string, string];
  const lead = await world.client('regional-lead', NORTH_EAST);
  const payloadOf = (authority: string, period: string, rows: Row[], more: object = {}) =>
    JSON.stringify({ ...world.payload(NORTH_EAST, nameOf(quarterly), { authority, period, rows }), ...more });
  const send = async (authority: string, payload: string) => {
    const answer = await world.send(authority, await world.sign(authority, payload));
    return { ...(answer.body as unknown as Said), status: answer.status };
  };
  /** Of the first quarter; whatever is asked against the year before is answered. */
  const sendAnswered = async (authority: string, rows: Row[]) =>
    (await world.sendReturn(NORTH_EAST, nameOf(quarterly), { authority, period: FIRST, rows })).answer.status;
  /** Referrals and plans, large enough to be printed. */
  const rows = (i: number): Row[] =>
    returnOf(quarterly, [
      { indicator: 'RF01', count: 300 + 17 * i },
      { indicator: 'CP01', count: parties[i] === nil ? 0 : 120 + 5 * i },
    ]);
  const printed = async (): Promise<Benchmark> => {
    const { region } = await world.ask<{ region: { benchmark: Benchmark } }>(
      await world.token('regional-lead', NORTH_EAST),
      BENCHMARK,
      { code: NORTH_EAST, indicator: 'RF01', period: FIRST, breakdown: null },
    );
    return region.benchmark;
  };
  const countOf = ({ authorities }: Benchmark, code: string) =>
    authorities.find(({ authority }) => authority.code === code)!.figure.count;

  // The first quarter: one is missing, one comes late by an exception, one has nothing to report.
  const first = await world.openRound(NORTH_EAST, quarterly.code, FIRST);
  for (const [i, authority] of parties.entries()) {
    if (authority === late || authority === missing) continue;
    mustBe((await sendAnswered(authority, rows(i))) === 201, `${authority} ${FIRST}`);
  }
  await lead.closeRound(first);
  const tooLate = await world.send(late, await world.sign(late, payloadOf(late, FIRST, rows(2))));
  mustBe((tooLate.body as { code?: string }).code === 'ROUND_NOT_OPEN', 'a late return is taken without an exception');
  await lead.grantException(first, { authority: late, until: day(3), reason: 'A new case system.' });
  mustBe((await sendAnswered(late, rows(2))) === 201, 'an exception does not let a return in');
  const { returns } = await lead.roundStatus(first);
  const mine = (await (await world.client('authority-analyst', nil)).roundStatus(first)).mine![0]!;
  const standing = mine.indicators!.find(({ indicator }) => indicator.code === 'CP01')!.state;
  mustBe(standing === 'confirmedNil', 'a nil is not told from a missing count');
  const published = await world.publish(NORTH_EAST, first);
  mustBe(published.state === 'PUBLISHED', `${FIRST} is ${published.state}: ${published.heldBecause}`);
  const provisional = await printed();

  // The next quarter: a jump is asked about, and the quarter before is refreshed in the same signed return.
  const second = await world.openRound(NORTH_EAST, quarterly.code, SECOND);
  const now = returnOf(quarterly, [{ indicator: 'RF01', count: 900 }]);
  const refreshing = [...now, { indicator: 'RF01', count: 312, period: FIRST }];
  const asked = await send(changing, payloadOf(changing, SECOND, refreshing));
  const queries = asked.findings.filter(({ severity }) => severity === 'query');
  mustBe(asked.status === 422 && queries.length > 0, 'a jump is not asked about');
  const explanations = queries.map(({ rule, pointer }) => ({
    rule,
    pointer,
    answer: 'confirmed',
    text: 'A new front door since July.',
  }));
  const answered = await send(changing, payloadOf(changing, SECOND, refreshing, { explanations }));
  mustBe(answered.status === 201, 'an answered query refuses');
  const [own] = await (await world.client('authority-analyst', changing)).ownFigures(first);
  mustBe(own!.version === 2 && countOf(await printed(), changing) === 300, 'a refresh is seen before its edition');

  // From now on the parties ask for an approver's signature too.
  const quarters = agreement.tables.find(({ dataset }) => dataset === quarterly.code)!;
  const tables = [...agreement.tables, { ...quarters, dataset: 'local-measures' }];
  const { id, version } = await world.conclude({
    ...agreement,
    id: 'north-east-sign-off',
    signOff: true,
    tables,
    parties: agreement.parties.filter(({ authority }) => authority !== gone),
  });
  world.agreements.set(NORTH_EAST, agreement);
  const key = world.keys.get(signing)!;
  const approverKey = await world.registerKey(signing);
  world.keys.set(signing, key);
  const payload = payloadOf(signing, SECOND, returnOf(quarterly, [{ indicator: 'RF01', count: 370 }]));
  const alone = await world.sign(signing, payload);
  const waits = (await world.send(signing, alone)).body as unknown as Said;
  mustBe(waits.state === 'awaitingSignOff' && waits.receipt === null, 'a return does not wait for its approver');
  const both = await signEnvelope({ payload, key: approverKey, aud: world.hubId, also: alone });
  const done = (await post(world.hub.url, await world.token('authority-approver', signing), both))
    .body as unknown as Said;
  mustBe(done.state === 'accepted' && done.id === waits.id, 'an approver does not complete a return');
  verifyReceipt(done.receipt!, hubKey);

  // Under the same agreement one keeps measures of its own, by team. No round asks for them, and nobody else sees them.
  const teams = JSON.stringify({
    ...world.payload(NORTH_EAST, nameOf(newestDataset(loadCatalogue(), 'local-measures')), {
      ...{ authority: signing, period: '2025-Q1' },
      rows: [
        { indicator: 'LM01', count: 9, of: 40 },
        { indicator: 'LM01', breakdown: { team: 't01' }, count: 5, of: 16 },
        { indicator: 'LM01', breakdown: { team: 't02' }, count: 4, of: 24 },
      ],
    }),
    agreement: { id, version },
    commentary: [{ indicator: 'LM01', text: 'Re-referrals, of referrals. Team 1: assessment, team 2: duty.' }],
  });
  const signedTwice = await signEnvelope({
    payload: teams,
    key: approverKey,
    aud: world.hubId,
    also: await world.sign(signing, teams),
  });
  mustBe((await world.send(signing, signedTwice)).status === 201, 'measures of its own are not taken');
  const byTeam = async (who: string) => {
    const asked = `{ ownFigures(authority: "${signing}") { edges { node { lines { category points { count of value } } } } } }`;
    const answer = await graphql<OwnFigures>(world.hub.url, await world.token('authority-analyst', who), asked);
    return (
      answer.errors?.[0]?.extensions.code ??
      answer.data!.ownFigures.edges[0]!.node.lines.map(({ category, points }) => ({ category, ...points.at(-1)! }))
    );
  };
  const [ownByTeam, othersByTeam] = [await byTeam(signing), await byTeam(changing)];
  mustBe(othersByTeam === 'ORGANISATION_ABSENT', 'figures by team are shown to another authority');

  // The revised edition of the first quarter.
  await lead.openEdition(first, { edition: 'revised', due: day(3), closes: day(5) });
  const again = await world.publish(NORTH_EAST, first);
  mustBe(again.state === 'PUBLISHED', `the revised ${FIRST} is ${again.state}: ${again.heldBecause}`);
  const revised = await printed();
  mustBe(countOf(revised, changing) === 312, 'a refreshed count is not in the revised edition');

  const nameOfBody = (code: string) =>
    returns!.find(({ authority }) => authority.code === code)?.authority.name ?? code;
  say();
  say(bold(`A quarter (invented counts): ${FIRST} as its lead sees it, who sees no figure`));
  table(
    ['', 'return', 'indicators counted'],
    returns!.map(({ authority, state, counted }) => [
      authority.name ?? authority.code,
      authority.code === late ? `${state}, by exception` : state,
      counted === null ? '' : String(counted),
    ]),
  );
  say(`  ${nameOfBody(nil)} sent 0 plans: a confirmed nil, told from what is missing.`);
  say(
    `  ${SECOND}: the hub asked ${nameOfBody(changing)} about ${queries.map(({ rule }) => rule).join(', ')}; answered inside the signed return.`,
  );
  say(`  The same return refreshed ${FIRST}: 300 referrals became 312, seen by nobody else before the next edition.`);
  say(
    `  ${nameOfBody(signing)} waited for its approver, and was accepted with the second signature; one receipt for both.`,
  );
  say(
    `  ${nameOfBody(signing)} alone reads its own measure by team: ${(ownByTeam as { category: string | null; count: number; of: number }[]).map(({ category, count, of }) => `${category ?? 'total'} ${count} of ${of}`).join(', ')}; its neighbour is told ${othersByTeam as string}.`,
  );
  say(
    `  ${FIRST} provisional: publication ${provisional.publication.number}, 300. Revised: publication ${revised.publication.number}, 312.`,
  );
  await lead.closeRound(second);
  return {
    missing: returns!.filter(({ state }) => state === 'missing').map(({ authority }) => authority.code),
    lateByException: late,
    nil: standing,
    queriesAnswered: queries.map(({ rule }) => rule),
    refreshed: { period: FIRST, version: own!.version },
    signedOff: [waits.state, done.state],
    byTeam: ownByTeam,
    editions: [provisional, revised].map(({ publication: { number } }) => number),
  };
}
