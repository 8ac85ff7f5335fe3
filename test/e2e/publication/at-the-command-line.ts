import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { built as hub } from '../../support/command-line';
import { brokenDown, nameOf, quarterly, returnOf } from '../../support/returns';
import { rootFolder } from '../../support/root';
import { NORTH_EAST } from '../../support/world';
import { QUARTER, folder, world, northEast, documentOf, bands } from './hub';

describe('a published round at the command line', () => {
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
    const ledgerKey = await world.ledgerKey();
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
    expect(await mine('authority-analyst', northEast[11]!)).toBeNull();
  });
});
