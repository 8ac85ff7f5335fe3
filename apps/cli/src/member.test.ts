import { answeringHub, hub } from './answering-hub.builder';

const there = answeringHub();
const { write, withToken } = there;

describe('hub member, system and circle', () => {
  const graphql = (data: object) => (there.answers = { '/graphql': () => ({ body: { data } }) });
  const sent = () => (JSON.parse(there.asked.at(-1)!.body) as { variables: Record<string, unknown> }).variables;
  const invitation = {
    id: 'inv_1',
    role: 'AUTHORITY_ANALYST',
    of: 'E06000001',
    name: 'Ann',
    from: '2026-01-01',
    until: null,
    state: 'OPEN',
    expiresAt: '2026-01-15T09:00:00.000Z',
    code: null,
  };
  const system = {
    id: 'sys_1',
    of: 'E06000001',
    client: 'c-1',
    name: 'S',
    from: '2026-01-01',
    until: null,
    state: 'PENDING',
    member: null,
  };

  test('invite sends the role as the API names it, and shows the code with whose it is', async () => {
    graphql({ inviteMember: { ...invitation, code: 'secret-code' } });
    const args = ['member', 'invite', '--role', 'authority-analyst', '--of', 'E06000001', '--name', 'Ann'];
    const ran = await hub([...args, '--until', '2027-01-01', ...withToken()]);
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/Give the code to Ann alone.*2026-01-15/) });
    expect(ran.stdout).toMatch(/code +secret-code/);
    expect(sent()).toEqual({
      role: 'AUTHORITY_ANALYST',
      of: 'E06000001',
      name: 'Ann',
      from: null,
      until: '2027-01-01',
    });
    expect(await hub([...args, '--until', 'soon', ...withToken()])).toMatchObject({ code: 2 });
    expect(await hub([...args.with(3, 'king'), ...withToken()])).toMatchObject({ code: 2 });
  });

  test('accept reads the code from a file, for a command line is seen by others', async () => {
    graphql({ acceptInvitation: { id: 'm', roles: [{ role: 'SCRUTINEER', of: 'E06000001' }] } });
    const ran = await hub(['member', 'accept', '--code-file', write('code', 'secret-code\n'), ...withToken()]);
    expect(ran).toEqual({ code: 0, stdout: 'scrutineer of E06000001\n', stderr: '' });
    expect(sent()).toEqual({ code: 'secret-code' });
  });

  test.each<[string, string[], object, RegExp, Record<string, unknown>]>([
    [
      'member list',
      ['--of', 'E06000001'],
      {
        members: [{ member: 'm-1', name: 'Ann', role: 'SCRUTINEER', of: 'E06000001', from: '2026-01-01', until: null }],
      },
      /scrutineer +Ann +2026-01-01 +m-1/,
      { of: 'E06000001' },
    ],
    [
      'member invitations',
      ['--of', 'E06000001'],
      { invitations: [invitation] },
      /open +authority-analyst +Ann/,
      { of: 'E06000001' },
    ],
    [
      'member withdraw',
      ['inv_1'],
      { withdrawInvitation: { ...invitation, state: 'WITHDRAWN' } },
      /state +withdrawn/,
      { id: 'inv_1' },
    ],
    [
      'member end',
      ['m-1', '--role', 'scrutineer', '--of', 'E06000001', '--on', '2026-02-01'],
      {
        endRole: {
          member: 'm-1',
          name: 'Ann',
          role: 'SCRUTINEER',
          of: 'E06000001',
          from: '2026-01-01',
          until: '2026-02-01',
        },
      },
      /scrutineer of E06000001, 2026-01-01 to 2026-02-01/,
      { id: 'm-1', role: 'SCRUTINEER', of: 'E06000001', on: '2026-02-01' },
    ],
    [
      'system register',
      ['--client', 'c-1', '--of', 'E06000001', '--name', 'S'],
      { registerSystem: system },
      /state +pending/,
      { of: 'E06000001', client: 'c-1', name: 'S', from: null, until: null },
    ],
    [
      'system confirm',
      ['sys_1'],
      { system: { ...system, state: 'CONFIRMED', member: 'm-2' } },
      /member +m-2/,
      { id: 'sys_1' },
    ],
    ['system withdraw', ['sys_1'], { system: { ...system, state: 'WITHDRAWN' } }, /state +withdrawn/, { id: 'sys_1' }],
    ['system list', ['--of', 'E06000001'], { systemAccounts: [system] }, /pending +c-1 +S/, { of: 'E06000001' }],
    [
      'circle declare',
      ['--name', 'C', '--authorities', 'E06000001, E06000002', '--from', '2026-01-01', '--series', 'RF05#count'],
      {
        declareCircle: {
          id: 'cir_1',
          name: 'C',
          authorities: [{ code: 'E06000001' }, { code: 'E06000002' }],
          series: ['RF05#count'],
          from: '2026-01-01',
        },
      },
      /knows +RF05#count/,
      { name: 'C', authorities: ['E06000001', 'E06000002'], from: '2026-01-01', series: ['RF05#count'] },
    ],
    [
      'circle list',
      [],
      { circles: [{ id: 'cir_1', name: 'C', authorities: [{ code: 'E06000001' }], series: null, from: '2026-01-01' }] },
      /C +E06000001 +everything/,
      {},
    ],
  ])('%s', async (name, args, data, shown, variables) => {
    graphql(data);
    const ran = await hub([...name.split(' '), ...args, ...withToken()]);
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(shown) });
    expect(sent()).toEqual(variables);
    const { stdout } = await hub([...name.split(' '), ...args, ...withToken(), '--json']);
    expect(JSON.stringify(JSON.parse(stdout))).not.toMatch(/"[A-Z_]{6,}"/);
  });
});
