import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyRecord, type NationalLeaf } from '@hub/ledger/domain';
import { nationalDigest, parseNationalMap, readNational } from '@hub/publications/domain';
import { datasetOf, loadCatalogue } from '@hub/registry/domain';
import { built } from '../../support/command-line';
import { rootFolder } from '../../support/root';
import { asOwner } from '../../support/two-regions';
import { NORTH_EAST } from '../../support/world';
import { two, catcher, first } from './regions';

describe('a national release', () => {
  const HACKNEY = 'E09000012';
  const csv = readFileSync(join(rootFolder, 'test/figures/national/inner-london-referrals.csv'), 'utf8');
  const map = join(rootFolder, 'contracts/national/children-in-need-referrals.json');
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hub-national-'));
    const approver = await two.world.client('authority-approver', HACKNEY);
    await approver.reminderAddress(HACKNEY, 'children@hackney.example');
    await approver.reminderAddress(HACKNEY, 'protection@hackney.example', 'dataProtection');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The built command line, as somebody. */
  const hub = async (role: string, of: string, ...args: string[]) => {
    const token = join(folder, 'token');
    writeFileSync(token, await two.world.token(role, of));
    return built(...args, '--url', two.world.hub.url, '--token-file', token);
  };
  const load = (text: string, role = 'steward', of = 'hub') => {
    const file = join(folder, 'release.csv');
    writeFileSync(file, text);
    return hub(role, of, 'book', 'load', file, '--map', map, '--period', '2020-FY');
  };
  /** What a second steward finds of the own copy of the file. */
  const digestOf = (text: string) => {
    const datasets = loadCatalogue();
    const read = parseNationalMap(readFileSync(map, 'utf8'), (code, version) => datasetOf(datasets, code, version));
    return nationalDigest(read, readNational(text, read, '2020-FY'));
  };
  const confirm = (text: string, role = 'steward-2', of = 'hub') => hub(role, of, 'book', 'confirm', digestOf(text));
  const book = () =>
    asOwner(
      two.world,
      `select c.publication_id, md5(c.problem::text) as problem, c.decision, (select count(*)::int from intake.opening) as openings
       from proof.certificate c order by 1`,
    );

  test('is loaded by a steward, and what it opens is told to the approvers of its authority alone, and its data protection contact', async () => {
    const mails = catcher.mails.length;
    const before = await book();
    const asked = await load(csv);
    expect([asked.status, asked.stdout]).toEqual([0, expect.stringMatching(/state +proposed/)]);
    expect(asked.stderr + asked.stdout).toContain(`hub book confirm ${digestOf(csv)}`);
    // One steward is not enough, and neither is anybody else; until then the book is as it was.
    for (const [role, of, code] of [
      ['steward', 'hub', 'NATIONAL_SELF_CONFIRMED'],
      ['regional-lead', NORTH_EAST, 'NOT_FOR_THIS_ROLE'],
    ] as const)
      expect(await confirm(csv, role, of)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(`^${code}`) as string,
      });
    expect(await book()).toEqual(before);
    const answer = await confirm(csv);
    expect([answer.status, answer.stderr.replace(/^… .*\n/, '')]).toEqual([0, '']);
    expect(answer.stdout).toMatch(/state +loaded/);
    // Nothing of what it has opened is in the steward's answer.
    expect(answer.stdout.replace(/nat_\S+|[0-9a-f]{64}/g, '')).not.toMatch(/503|Hackney|E09000012/);
    const own = await hub('authority-approver', HACKNEY, 'book', 'opened', '--authority', HACKNEY);
    expect(own.stdout).toMatch(/RF01#count +2020-FY +5025 to 5035 +Children in need census/);
    for (const [role, of] of [
      ['authority-approver', first],
      ['regional-lead', 'E12000007'],
      ['authority-analyst', HACKNEY],
      ['steward', 'hub'],
    ] as const) {
      const other = await hub(role, of, 'book', 'opened', '--authority', HACKNEY);
      expect([role, other.status, other.stdout]).toEqual([role, 1, '']);
      expect(other.stderr).toMatch(/^(ORGANISATION_ABSENT|NOT_FOR_THIS_ROLE)/);
    }
    while (catcher.mails.length === mails) await new Promise((later) => setTimeout(later, 100));
    // Not its Message-ID: that holds any digits.
    const mail = JSON.stringify(
      catcher.mails.slice(mails).map(({ to, headers, text }) => [to, headers['subject'], text]),
    );
    expect(catcher.mails[mails]!.to).toEqual(['children@hackney.example', 'protection@hackney.example']);
    expect(mail).toContain('hub book opened --authority E09000012');
    expect(mail).not.toMatch(/RF01|50[0-9]{2}/);
    expect(catcher.mails).toHaveLength(mails + 1);
  });

  test('is seen by members, with its digest and the receipt of its entry in the ledger', async () => {
    const { stdout } = await hub('scrutineer', first, 'book', 'list');
    expect(stdout).toMatch(new RegExp(`2020-FY +confirmed .*${digestOf(csv)}`));
    const { nationalReleases } = await two.world.ask<{ nationalReleases: { receipt: string }[] }>(
      await two.world.token('scrutineer', first),
      '{ nationalReleases { receipt } }',
    );
    const leaf = verifyRecord(nationalReleases[0]!.receipt, await two.world.ledgerKey());
    expect(leaf).toMatchObject({ kind: 'national', digest: digestOf(csv), period: '2020-FY' });
    const people = await asOwner(two.world, `select id, subject from identity.member where subject like 'steward%'`);
    const nameOf = new Map((people as { id: string; subject: string }[]).map(({ id, subject }) => [id, subject]));
    const { loadedBy, confirmedBy } = leaf as NationalLeaf;
    expect([loadedBy, confirmedBy].map((id) => nameOf.get(id))).toEqual(['steward@hub', 'steward-2@hub']);
  });

  test('that waits is taken back by any steward, and is not confirmed then', async () => {
    const text = revised(csv);
    await load(text);
    expect((await hub('steward-2', 'hub', 'book', 'withdraw', digestOf(text))).stdout).toMatch(/state +withdrawn/);
    expect((await confirm(text)).stderr).toMatch(/^NATIONAL_ABSENT/);
  });

  test('is loaded by nobody else', async () => {
    for (const [role, of] of [
      ['regional-lead', NORTH_EAST],
      ['authority-approver', HACKNEY],
    ] as const)
      expect(await load(csv, role, of)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^NOT_FOR_THIS_ROLE/) as string,
      });
  });

  test.each([
    [
      'a symbol that nobody knows',
      (text: string) => text.replace(/(2021,[^\n]*E09000007,[^,]*,[^,]*,)\d+/, '$1Smith'),
      'NATIONAL_SYMBOL',
    ],
    ['a figure that was printed otherwise before', (text: string) => revised(text), 'NATIONAL_CONTRADICTS'],
  ] as const)('with %s is refused, and the book is as it was', async (_what, change, code) => {
    const before = await book();
    expect(change(csv)).not.toBe(csv);
    const asked = await load(change(csv));
    const { status, stderr } = asked.status === 0 ? await confirm(change(csv)) : asked;
    expect(status).not.toBe(0);
    expect(stderr).toMatch(new RegExp(`^${code}`, 'm'));
    expect(stderr).not.toContain('Smith');
    expect(await book()).toEqual(before);
  });
});

/** One authority and the sum of its region, both a hundred more: it adds up, and contradicts what was printed before. */
function revised(csv: string): string {
  const [head, ...lines] = csv.split('\n');
  const at = head!.split(',').indexOf('referral_count');
  const [year, level, code] = ['time_period', 'geographic_level', 'new_la_code'].map((name) =>
    head!.split(',').indexOf(name),
  ) as [number, number, number];
  const more = lines.map((line) => {
    const cells = line.split(',');
    const isMeant = cells[year] === '2021' && (cells[level] === 'Regional' || cells[code] === 'E09000007');
    if (isMeant) cells[at] = String(Number(cells[at]) + 100);
    return cells.join(',');
  });
  return [head, ...more].join('\n');
}
