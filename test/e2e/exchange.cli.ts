import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actingFor, DURHAM, POLICE, TEES, who, type Boards, type Who } from '../support/boards';
import { typed, type Typed } from '../support/command-line';
import { day } from '../support/world';

/** The command line of chairs against the running hub: an issue from a file to the pack that quotes it. */
export function commandsWork(given: () => { readonly boards: Boards }): void {
  test('from the command line an issue goes from a file to a pack, and a refusal has its code', async () => {
    const { boards } = given();
    const folder = mkdtempSync(join(tmpdir(), 'hub-chairs-'));
    const at = (name: string) => join(folder, name);
    const hub = async (name: Who, ...args: string[]): Promise<Typed> => {
      const token = at(`${name}.token`);
      writeFileSync(token, await boards.two.world.token(...(who[name].slice(0, 2) as [string, string])));
      return typed(boards.two.world.hub.url, token, [...args, '--as', actingFor(name)]);
    };
    const did = async (name: Who, ...args: string[]): Promise<string> => {
      const { code, text, error } = await hub(name, ...args);
      expect([args.join(' '), code, error]).toEqual([args.join(' '), 0, '']);
      return text;
    };
    try {
      const { evidence, ...draft } = boards.input({ title: 'From a file', source: 'pattern' });
      writeFileSync(at('issue.json'), JSON.stringify({ ...draft, evidence }));
      const raised = await did('chair', 'issue', 'raise', '--in', at('issue.json'));
      const id = /^issue\s+(iss_\S+)$/m.exec(raised)![1]!;
      await did('chair', 'issue', 'step', id, '--step', 'toOwnBoard');
      await did('chair', 'issue', 'step', id, '--step', 'askReplies', '--reply-by', day(9));
      const early = await hub('chair', 'issue', 'share', id, '--boards', DURHAM);
      expect([early.code, early.error.includes('ISSUE_REPLY_PENDING')]).toEqual([1, true]);
      await did('stockton', 'issue', 'reply', id, '--text', 'We see it too.');
      await did('police', 'issue', 'reply', id, '--text', 'We have changed the form.');
      await did('chair', 'issue', 'share', id, '--boards', DURHAM);
      expect(await did('chair', 'issue', 'review', id, '--next', day(4))).toContain(`next review  ${day(4)}`);
      expect(await did('neighbour', 'issue', 'list', '--state', 'shared')).toContain('From a file');
      const shown = await did('neighbour', 'issue', 'show', id);
      expect(shown).toMatch(/evidence +\w.+ \(RF01#count\), Stockton-on-Tees, 2026-Q1: \d+/);
      expect(shown).toMatch(/^state +shared with boards$/m);
      expect(shown).toMatch(/ step +Tees.* {2,}Durham board +shared with boards +Shared with boards: Durham board$/m);
      expect(shown).toMatch(/ step +Tees.*Stockton-on-Tees.* +waiting for answers +Those whom it names were asked/m);
      expect(shown).toMatch(/reply +Stockton-on-Tees/);
      expect((await hub('otherRegion', 'issue', 'show', id)).error).toContain('ISSUE_ABSENT');

      const refused = await hub('chair', 'issue', 'step', id, '--step', 'start');
      expect(refused.error).toContain('possible share or toNetwork or accept or decline');
      const question = ['--question', 'What has changed?', '--due', day(5)];
      expect(await did('chair', 'issue', 'challenge', id, '--agency', POLICE, ...question)).toMatch(/^challenge +itm_/);
      const task = ['--owner', TEES, '--role', 'The chair', '--due', day(6)];
      expect(await did('chair', 'issue', 'action', id, ...task, '--text', 'Read it.')).toMatch(/^action +itm_/);

      const called = await did('chair', 'meeting', 'call', '--title', 'By command', '--on', day(9), '--boards', DURHAM);
      const meeting = /^meeting +(mtg_\S+)$/m.exec(called)![1]!;
      const decided = ['--text', 'It is read together.', '--issue', id, '--action', 'Read it together.', ...task];
      await did('chair', 'meeting', 'decide', meeting, ...decided);
      const after = await did('neighbour', 'issue', 'show', id);
      expect(after).toMatch(/ decision .* It is read together\.$/m);
      expect(after).toMatch(/ action .* Read it together\.$/m);
      expect(await did('neighbour', 'pack', 'list')).toMatch(new RegExp(`^${meeting} .*By command.*not frozen$`, 'm'));
      expect(await did('neighbour', 'pack', meeting)).toContain(': From a file, review');
      const page = at('pack.html');
      const frozen = await did('chair', 'pack', meeting, '--freeze', '--html', '--out', page);
      const html = readFileSync(page, 'utf8');
      expect(html).toContain(/[0-9a-f]{64}/.exec(frozen)![0]);
      expect(html).toContain('<svg');
      expect(await did('neighbour', 'pack', meeting)).toContain('# By command');
      expect(await did('neighbour', 'pack', 'list')).toMatch(new RegExp(`^${meeting} .* frozen$`, 'm'));
      expect((await hub('neighbour', 'pack', meeting, '--freeze')).error).toContain('MEETING_ABSENT');
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
}
