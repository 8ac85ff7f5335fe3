import { newKey, signEnvelope } from '@hub/client';
import { NORTH_EAST } from '../../support/world';
import { bold, mustBe, say, timed, type Stage } from '../stage';
import { graphql, post } from '../../support/graphql';

/** What a forger, a stranger and an outsider are told. */
export async function refused(stage: Stage) {
  const cases = await timed('refusals', () => askedAmiss(stage));
  say();
  say(bold('Refused, as it must be:'));
  for (const [what, { expected, code }] of Object.entries(cases)) {
    say(`  ${code.padEnd(22)} ${what}`);
    mustBe(code === expected, `${what} was answered ${code} and not ${expected}`);
  }
  return Object.fromEntries(Object.entries(cases).map(([what, { code }]) => [what, code]));
}

async function askedAmiss({ world, figures, periods }: Stage) {
  const latest = figures.returns.find(({ period }) => period === periods.at(-1))!;
  const payload = world.payload(NORTH_EAST, figures.dataset, latest);
  const { url } = world.hub;
  const codeOf = async (answer: ReturnType<typeof post>) => String((await answer).body.code);
  const envelope = JSON.parse(await world.sign(payload.authority, payload)) as { payload: string };
  const changed = Buffer.from(JSON.stringify({ ...payload, period: '2023-FY' })).toString('base64url');
  const stranger = await newKey('nobody-1', 'EdDSA');
  const outsider = { ...payload, authority: 'E08000025' };
  await world.registerKey(outsider.authority);
  const own = await world.token('authority-system', payload.authority);
  return {
    'a payload changed after signing': {
      expected: 'SIGNATURE_INVALID',
      code: await codeOf(post(url, own, JSON.stringify({ ...envelope, payload: changed }))),
    },
    'a key that nobody registered': {
      expected: 'KEY_UNKNOWN',
      code: await codeOf(
        post(url, own, await signEnvelope({ payload: JSON.stringify(payload), key: stranger, aud: world.hubId })),
      ),
    },
    'an authority outside the agreement': {
      expected: 'AGREEMENT_NOT_A_PARTY',
      code: await codeOf(world.send(outsider.authority, await world.sign(outsider.authority, outsider))),
    },
    'a lead of the West Midlands asking for the North East': {
      expected: 'REGION_ABSENT',
      code: (
        await graphql(
          url,
          await world.token('regional-lead', 'E12000005'),
          `{ region(code: "${NORTH_EAST}") { name } }`,
        )
      ).errors![0]!.extensions.code,
    },
  };
}
