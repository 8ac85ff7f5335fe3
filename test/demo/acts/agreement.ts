import { bold, mustBe, say, timed, type Stage } from '../stage';

/** The lead proposes the agreement; each party signs it with a registered and approved key, the last brings it into force. */
export async function agreementIsSigned({ world, agreement }: Stage) {
  const { id, version, parties, disclosure } = agreement;
  mustBe(disclosure.threshold === 10, 'the agreement sets threshold 10');
  const states = await timed('keys and agreement', async () => {
    await world.propose(agreement);
    const seen: string[] = [];
    for (const { authority } of parties) seen.push(await world.signAgreement(agreement, authority));
    return seen;
  });
  mustBe(states.indexOf('inForce') === parties.length - 1, 'the last signature brings it into force');
  say(bold(`The agreement "${id}"`));
  say(
    `  The regional lead has drafted and proposed it. ${parties.length} authorities have each registered a key, approved by a`,
  );
  say('  second person, and signed the very same bytes with it; the last signature brought it into force.');
  say();
  return { id, version, parties: parties.length, threshold: disclosure.threshold };
}
