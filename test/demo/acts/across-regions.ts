import type { AgreementDocument } from '@hub/agreements/domain';
import { exampleAgreement } from '../../seed/seed';
import { graphql } from '../../support/graphql';
import { NORTH_EAST, type World } from '../../support/world';
import { bold, mustBe, say, timed, written, type Benchmark, type Stage } from '../stage';

/**
 * A lead of the West Midlands reads what an agreement of both regions names of the North East, and nothing beyond.
 * @param leaver  the authority that has left the region's own agreement; it signs this one no more
 */
export async function acrossRegions({ world, periods }: Stage, leaver: string) {
  const { shared, ...told } = await timed('across regions', () => shareAcross(world, periods.at(-1)!, leaver));
  say();
  say(bold('A lead of the West Midlands'));
  say(
    `  saw nothing of the North East before (${told.before}). Then ${told.parties} authorities of both regions, and not the one`,
  );
  say(`  that has left, sign "${told.agreement}", which names the total of three indicators:`);
  say(
    `  ${shared.authorities
      .slice(0, 3)
      .map(({ authority, figure }) => `${authority.name} ${written(figure, 'count')}`)
      .join(', ')} … ${shared.authorities.length} in all, "${shared.coverage.text}".`,
  );
  for (const sentence of shared.shows.split('. ')) say(`  ${sentence.replace(/\.?$/, '.')}`);
  say('  Nothing beyond:');
  for (const [what, code] of Object.entries(told.beyond)) say(`    ${code!.padEnd(22)} ${what}`);
  say(`  Once it has ended, at the next request: ${told.after}.`);
  return {
    ...told,
    authorities: shared.authorities.map(({ authority }) => authority.code),
    coverage: shared.coverage.text,
    regionFigure: shared.region.kind,
  };
}

async function shareAcross(world: World, period: string, leaver: string) {
  const example = exampleAgreement('north-east-west-midlands-view.v1');
  const northEast = exampleAgreement('north-east-benchmarking.v1').parties.map(({ authority }) => authority as string);
  const west = ['E08000025', 'E08000026'];
  const agreement: AgreementDocument = {
    ...example,
    parties: example.parties.filter(
      ({ authority }) => authority !== leaver && [...northEast, ...west].includes(authority),
    ),
  };
  const reader = await world.token('regional-lead', 'E12000005');
  const asked = { code: NORTH_EAST, indicator: 'CP01', period, purpose: 'PRACTICE_EXCHANGE' };
  const ask = async (more: object = {}) => {
    const { data, errors } = await graphql<{ region: { benchmark: Benchmark & { shows: string } } | null }>(
      world.hub.url,
      reader,
      `
        query ($code: ID!, $indicator: String!, $period: String!, $purpose: Purpose, $breakdown: [CategoryInput!]) {
          region(code: $code) {
            benchmark(indicator: $indicator, period: $period, purpose: $purpose, breakdown: $breakdown) {
              shows
              coverage {
                shown
                submitted
                parties
                text
              }
              authorities {
                authority {
                  code
                  name
                }
                figure {
                  kind
                  count
                  value
                }
                rank
              }
              region {
                kind
                count
                value
              }
            }
          }
        }
      `,
      { ...asked, ...more },
    );
    return { benchmark: data?.region?.benchmark ?? null, code: errors?.[0]?.extensions.code ?? null };
  };
  const before = (await ask()).code;
  await world.propose(agreement);
  for (const { authority } of agreement.parties) await world.signAgreement(agreement, authority);
  const shared = (await ask()).benchmark;
  const beyond = {
    'another indicator': (await ask({ indicator: 'CN01' })).code,
    'a breakdown of the same one': (await ask({ breakdown: [{ dimension: 'duration', category: '2-years-or-more' }] }))
      .code,
    'another purpose': (await ask({ purpose: 'PEER_CHALLENGE' })).code,
    'the rounds of the region': (
      await graphql(world.hub.url, reader, `{ region(code: "${NORTH_EAST}") { rounds { edges { cursor } } } }`)
    ).errors![0]!.extensions.code,
  };
  await world.ask(
    await world.token('regional-lead', NORTH_EAST),
    `mutation { terminateAgreement(id: "${agreement.id}", version: 1, reason: "The exercise is over.") { state } }`,
  );
  const after = (await ask()).code;
  mustBe(before === 'REGION_ABSENT' && after === 'REGION_ABSENT', 'the region is open without an agreement');
  mustBe(shared?.authorities.length === northEast.length - 1, 'the agreement shares each of its parties');
  mustBe(shared!.region.kind === 'NOT_AVAILABLE', 'the region’s figure holds one that has not signed');
  mustBe(Object.values(beyond).every(Boolean), 'something beyond the agreement is shown');
  return { agreement: agreement.id, parties: agreement.parties.length, before, shared: shared!, beyond, after };
}
