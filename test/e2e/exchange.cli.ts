import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actingFor, DURHAM, POLICE, TEES, who, type Boards, type Who } from '../support/boards';
import { typed, type Typed } from '../support/command-line';
import { day, NORTH_EAST } from '../support/world';

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
      writeFileSync(at('issue.json'), JSON.stringify({ ...draft, evidence, theme: 'Forms' }));
      await did('chair', 'issue', 'amend', id, '--in', at('issue.json'));
      const { code, text } = await typed(boards.two.world.hub.url, at('chair.token'), [
        'publication',
        'list',
        NORTH_EAST,
      ]);
      expect([code, text]).toEqual([0, expect.stringContaining(`${boards.publication}  `)]);
      await did('chair', 'issue', 'step', id, '--step', 'toOwnBoard');
      await did('chair', 'issue', 'step', id, '--step', 'askReplies', '--reply-by', day(9));
      const early = await hub('chair', 'issue', 'share', id, '--boards', DURHAM);
      expect([early.code, early.error.includes('ISSUE_REPLY_PENDING')]).toEqual([1, true]);
      await did('stockton', 'issue', 'reply', id, '--text', 'We see it too.');
      await did('police', 'issue', 'reply', id, '--text', 'We have changed the form.');
      // Its own board reads that all are in; who is only named is not told of the others.
      expect(await did('chair', 'issue', 'show', id)).toMatch(/^state +answered by all$/m);
      expect(await did('chair', 'issue', 'list', '--state', 'reply')).toContain(`${id}  answered by all`);
      expect(await did('police', 'issue', 'show', id)).toMatch(/^state +waiting for answers$/m);
      await did('chair', 'issue', 'share', id, '--boards', DURHAM);
      expect(await did('chair', 'issue', 'review', id, '--next', day(4))).toContain(`next review  ${day(4)}`);
      expect(await did('neighbour', 'issue', 'list', '--state', 'shared')).toContain('From a file');
      const shown = await did('neighbour', 'issue', 'show', id);
      expect(shown).toMatch(
        /evidence +\w.+ \(RF01#count\), Stockton-on-Tees, April to June 2026 \(2026-Q1\): \d+; \S+ per 10,000 /,
      );
      expect(shown).toMatch(/^state +shared with boards$/m);
      expect(shown).toMatch(/^shared with +Durham safeguarding children board$/m);
      // Those whom it names are told who reads about them.
      expect(await did('stockton', 'issue', 'show', id)).toMatch(/^shared with +Durham safeguarding children board$/m);
      expect(shown).toMatch(
        / step +Shared with boards: Durham safeguarding children board\n +Tees.* to Durham safeguarding children board: shared with boards\n/,
      );
      expect(shown).toMatch(/ step +Those whom it names.*\n +Tees.* to Stockton-on-Tees.*: waiting for answers\n/);
      expect(shown).toMatch(/ reply +itm_\S+\n +Stockton-on-Tees to Tees/);
      expect((await hub('otherRegion', 'issue', 'show', id)).error).toContain('ISSUE_ABSENT');

      const refused = await hub('chair', 'issue', 'step', id, '--step', 'start');
      // What is possible is told in words that can be typed.
      expect(refused.error).toContain(
        'possible `hub issue share` or `hub issue step` with --step toNetwork or accept or decline',
      );
      expect((await hub('police', 'issue', 'reply', id, '--text', 'Once more.')).error).toContain('while it waits');
      const question = ['--question', 'What has changed?', '--due', day(5)];
      const itemIn = (text: string) => /^\S+ +(?:challenge|action) +(itm_\S+)$/m.exec(text)![1]!;
      const challenge = itemIn(await did('chair', 'issue', 'challenge', id, '--agency', POLICE, ...question));
      const task = ['--owner', TEES, '--role', 'The chair', '--due', day(6)];
      const action = itemIn(await did('chair', 'issue', 'action', id, ...task, '--text', 'Read it.'));

      // Each finds what is asked of it with its id, and does it; both sides read what came of it.
      const verdict = ['--text', 'It does.', '--impact', 'Forms are read in time.'];
      const judge = (state: string) => hub('chair', 'issue', 'judge', challenge, '--state', state, ...verdict);
      expect((await judge('satisfied')).error).toContain('possible `hub issue answer`, by the agency');
      expect(await did('police', 'issue', 'due')).toContain(`challenge  ${challenge}\n`);
      await did('police', 'issue', 'answer', challenge, '--text', 'The form.');
      expect(await judge('notSatisfied')).toMatchObject({ code: 0 });
      await did('police', 'issue', 'answer', challenge, '--text', 'The form is mended.');
      expect(await judge('satisfied')).toMatchObject({ code: 0 });
      const report = ['issue', 'progress', action, '--text', 'As planned.', '--state'];
      await did('chair', ...report, 'onTrack');
      expect((await hub('chair', ...report, 'done')).error).toContain('ACTION_EVIDENCE_MISSING');
      expect(await did('chair', ...report, 'done', '--impact', 'It is read.')).toMatch(/: done, due /);
      expect(await did('police', 'issue', 'due')).not.toContain(challenge);
      expect(await did('police', 'issue', 'due', '--all')).toMatch(new RegExp(`${challenge}\\n.*: satisfied, due `));
      const told = await did('neighbour', 'issue', 'show', id);
      expect(told).toMatch(
        / challenge {2}itm_[^]+ {2,}\S+ +answer +itm_[^]+The form\.[^]+verdict[^]+mended[^]+impact: Forms are read in time\./,
      );
      const reply = /reply +(itm_\S+)\n +Cleveland/.exec(told)![1]!;
      expect((await hub('neighbour', 'issue', 'withdraw', reply)).error).toContain('ITEM_ABSENT');
      await did('police', 'issue', 'withdraw', reply);
      expect(await did('neighbour', 'issue', 'show', id)).not.toContain(reply);

      const called = await did('chair', 'meeting', 'call', '--title', 'By command', '--on', day(9), '--boards', DURHAM);
      const meeting = /^meeting +(mtg_\S+)$/m.exec(called)![1]!;
      const decided = ['--text', 'It is read together.', '--issue', id, '--action', 'Read it together.', ...task];
      expect((await hub('chair', 'meeting', 'note', meeting, '--text', 'Said.')).error).toContain('MEETING_ABSENT');
      expect(await did('chair', 'meeting', 'attend', meeting)).toMatch(/^present +Tees/m);
      await did('chair', 'meeting', 'note', meeting, '--text', 'Said among us.');
      const met = await did('chair', 'meeting', 'decide', meeting, ...decided);
      expect(met).toMatch(
        / decision +itm_.*\n.*\n +about From a file, iss_.*\n +It is read together\.\n +\S+ +action +itm_/,
      );
      expect(met).toContain('Said among us.');
      expect(await did('neighbour', 'meeting', 'show', meeting)).not.toContain('Said among us.');
      const after = await did('neighbour', 'issue', 'show', id);
      expect(after).toMatch(/ decision +itm_.*\n.*\n +It is read together\.$/m);
      expect(after).toMatch(/ action +itm_.*\n.*\n +Read it together\.$/m);
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
