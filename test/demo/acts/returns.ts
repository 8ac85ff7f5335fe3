import { verifyReceipt } from '@hub/ledger/domain';
import { NORTH_EAST } from '../../support/world';
import { mustBe, say, timed, type Stage } from '../stage';

/** Three years of returns are signed, sent and accepted; each receipt is verified offline. */
export async function returnsAreSent({ world, figures, periods, rounds, hubKey }: Stage) {
  const receipts: string[] = [];
  let rows = 0;
  let queriesAnswered = 0;
  for (const period of periods) {
    rounds.set(period, await world.openRound(NORTH_EAST, figures.dataset.code, period));
    for (const one of figures.returns.filter((each) => each.period === period)) {
      const { answer, queries } = await timed('sign, send, accept', () =>
        world.sendReturn(NORTH_EAST, figures.dataset, one),
      );
      queriesAnswered += queries;
      mustBe(
        answer.status === 201,
        `${one.authority} ${period} was answered ${answer.status}: ${answer.text.slice(0, 400)}`,
      );
      receipts.push(String(answer.body.receipt));
      rows += one.rows.length;
    }
  }
  await timed('verify receipts', async () => receipts.forEach((receipt) => verifyReceipt(receipt, hubKey)));
  say(
    `${receipts.length} returns with ${rows.toLocaleString('en-GB')} rows signed, sent and accepted; every receipt verified offline.`,
  );
  say(
    `The hub asked about ${queriesAnswered} jumps against the year before; each authority answered inside its signed return.`,
  );
  return { returns: receipts.length, rows, receiptsVerified: receipts.length, queriesAnswered };
}
