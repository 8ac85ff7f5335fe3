import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { NORTH_EAST, World } from './support/world';
async function main() {
  const world = await World.start({ dataFolder: '/tmp/smoke', environment: { HUB_IGNORE_NATIONAL_MARKS: 'true' } });
  try {
    console.time('agreement');
    const agreement = await world.concludeAgreement(NORTH_EAST);
    console.timeEnd('agreement');
    const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
    const round = await world.openRound(NORTH_EAST, dataset.code, '2026-Q1');
    let i = 3;
    const rnd = (n: number) => (i = (i * 7919) % 10007) % n;
    for (const { authority } of agreement.parties) {
      const bands = dataset.indicators.find((x) => x.code === 'CP01')!.breakdowns.find((b) => b.dimension === 'duration')!;
      const codes = bands.categories ?? dataset.dimensions.duration!.categories.map((c) => c.code);
      const parts = codes.map(() => rnd(40));
      const total = parts.reduce((a, b) => a + b, 0);
      const rows = dataset.indicators.flatMap((one): object[] => {
        if (one.code === 'CP01') return [{ indicator: 'CP01', count: total }, ...codes.map((c, k) => ({ indicator: 'CP01', breakdown: { duration: c }, count: parts[k] }))];
        return [{ indicator: one.code, status: 'notCollected', reason: 'smoke' }];
      });
      const envelope = await world.sign(authority, world.payload(NORTH_EAST, { code: dataset.code, version: dataset.version }, { authority, period: '2026-Q1', rows: rows as never }));
      console.time('send');
      const answer = await world.send(authority, envelope);
      console.timeEnd('send');
      if (answer.status !== 201) { console.log(answer.status, answer.text.slice(0, 1500)); break; }
      const again = await world.send(authority, envelope);
      if (again.status !== 200 || again.body.receipt !== answer.body.receipt) console.log('again', again.status, again.text.slice(0, 300));
    }
    console.time('publish');
    console.log(await world.publish(NORTH_EAST, round));
    console.timeEnd('publish');
    const lead = await world.token('regional-lead', NORTH_EAST);
    console.log(JSON.stringify(await world.ask(lead, '{ me { id roles { role of } } region(code: "E12000001") { name publications { edges { cursor node { id number digest } } } benchmark(indicator: "CP01", period: "2026-Q1", breakdown: [{dimension: "duration", category: "2-years-or-more"}]) { coverage { text shown } authorities { authority { name } figure { kind count value } rank } region { kind count value } quartiles { lower median upper basis } } } }'), null, 0).slice(0, 3000));
  } catch (e) { console.log(e); } finally { console.log(world.hub.stderr().slice(-3000)); await world.stop(); }
}
void main();
