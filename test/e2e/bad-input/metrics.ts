import { ask } from '../../support/database';
import { graphql, post } from '../../support/graphql';
import { hartlepool, metricsPort, world } from './hub';

describe('numbers for who runs the hub', () => {
  const read = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const sample = /^([a-z_]+)(?:\{(\w+="[^"\n]*"(?:,\w+="[^"\n]*")*)\})? (\d+(?:\.\d+)?(?:e[+-]\d+)?)$/;
  const samplesOf = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('# '))
      .map((line) => {
        const [, name, labels = '', value] = sample.exec(line) ?? [];
        if (!name) throw new Error(`no sample: ${line}`);
        const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, word]) => [label!, word!] as const);
        return { name, labels: new Map(pairs), value: Number(value) };
      });

  test('are on a port of their own alone, in the text of Prometheus', async () => {
    expect((await fetch(`${world.hub.url}/metrics`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${metricsPort}/graphql`)).status).toBe(404);
    const text = await read();
    const typed = new Map([...text.matchAll(/^# TYPE (\w+) (counter|gauge|histogram)$/gm)].map(([, n, t]) => [n!, t!]));
    const families = samplesOf(text).map(({ name }) => name.replace(/_(bucket|sum|count)$/, ''));
    expect([...new Set(families)].filter((name) => !typed.has(name))).toEqual([]);
    expect([...typed.keys()].sort()).toEqual([
      'hub_database_connections',
      'hub_database_up',
      'hub_http_answers_total',
      'hub_http_seconds',
      'hub_ledger_entries',
      'hub_outbox_oldest_seconds',
      'hub_outbox_waiting',
      'hub_refusals_total',
      'hub_rounds_held',
      'hub_work_not_handed_out_total',
      'hub_work_total',
      'nodejs_eventloop_lag_seconds',
      'nodejs_heap_size_used_bytes',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'process_start_time_seconds',
    ]);
  });

  test('count a refusal by its code, an answer by the kind of request, and the ledger’s entries', async () => {
    const of = async (name: string, labels: Record<string, string>) =>
      samplesOf(await read()).find(
        (one) => one.name === name && Object.entries(labels).every(([label, word]) => one.labels.get(label) === word),
      )?.value ?? 0;
    const now = () =>
      Promise.all([
        of('hub_refusals_total', { code: 'ENVELOPE_MALFORMED' }),
        of('hub_http_answers_total', { route: 'submit', status: '4xx' }),
        of('hub_http_answers_total', { route: 'graphql', status: '2xx' }),
        of('hub_http_seconds_bucket', { route: 'submit', le: '+Inf' }),
      ]);
    const [refused, answers, asked, timed] = await now();
    const token = await world.token('authority-system', hartlepool);
    expect((await post(world.hub.url, token, 'no envelope')).status).toBe(400);
    await graphql(world.hub.url, token, 'mutation { submit(envelope: "no envelope") { id } }');
    expect(await now()).toEqual([refused! + 2, answers! + 1, asked! + 1, timed! + 1]);
    const [{ entries }] = (await ask(world.ownerUrl, 'select count(*)::int as entries from ledger.entry')) as [
      { entries: number },
    ];
    expect(await of('hub_ledger_entries', {})).toBe(entries);
    expect(await of('hub_database_up', {})).toBe(1);
  });

  test('name no authority, region, agreement, key or person: their labels are few words of the hub’s own', async () => {
    const samples = samplesOf(await read());
    const words = new Map<string, Set<string>>();
    for (const { labels } of samples)
      for (const [label, word] of labels) words.set(label, (words.get(label) ?? new Set<string>()).add(word));
    const known: Record<string, RegExp> = {
      route: /^(graphql|submit|submissions|ledger|health|about|other)$/,
      status: /^([2-5]xx|cut)$/,
      code: /^[A-Z]+(_[A-Z]+)*$/,
      type: /^[a-z]+\.[a-z]+$/,
      outcome: /^(done|failed|overtaken)$/,
      within: /^(10s|1m|10m|longer)$/,
      login: /^(intake|reader|desk|worker)$/,
      state: /^(busy|idle|waiting)$/,
      quantile: /^(0.5|0.99|1)$/,
      le: /^([\d.]+|\+Inf)$/,
    };
    const strange = [...words].flatMap(([label, all]) => [...all].filter((word) => !known[label]?.test(word)));
    expect(strange).toEqual([]);
    expect(words.get('code')).toContain('ENVELOPE_MALFORMED');
  });
});
