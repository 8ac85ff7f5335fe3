import { readFileSync, statSync } from 'node:fs';
import { parsePublicJwk, verifyKeyProof } from '@hub/identity/domain';
import { answeringHub, hub } from './answering-hub.builder';

const there = answeringHub();
const { file, key, withToken } = there;

const replacesIn = (body: string) =>
  (JSON.parse(body) as { variables: { replaces: string | null } }).variables.replaces;

describe('hub keys', () => {
  test.each(['EdDSA', 'ES256'])(
    'new: %s, the private half where only its owner reads it, never over another',
    async (alg) => {
      const path = file(`new-${alg}`);
      const { code, stdout } = await hub(['keys', 'new', '--kid', 'hartlepool-1', '--alg', alg, '--out', path]);
      expect([code, statSync(path).mode & 0o777]).toEqual([0, 0o600]);
      expect(parsePublicJwk(stdout)).toMatchObject({ kid: 'hartlepool-1', alg });
      expect(stdout).not.toContain((JSON.parse(readFileSync(path, 'utf8')) as { d: string }).d);
      const before = readFileSync(path, 'utf8');
      expect(await hub(['keys', 'new', '--kid', 'other', '--out', path])).toMatchObject({ code: 2, stdout: '' });
      expect(readFileSync(path, 'utf8')).toBe(before);
    },
  );

  test('register sends the public key and a proof for this hub', async () => {
    there.answers = {
      '/.well-known/hub.json': () => ({ body: { hubId: 'hub.example' } }),
      '/graphql': () => ({ body: { data: { registerKey: { kid: 'system', state: 'PENDING' } } } }),
    };
    const args = ['keys', 'register', '--key', await key('system'), '--authority', 'E06000001', ...withToken()];
    const ran = await hub(args);
    expect(ran).toEqual({
      code: 0,
      stdout: 'system is pending\n',
      stderr: 'Another approver of the organisation makes it good: hub keys approve system\n',
    });
    await hub([...args, '--replaces', 'old']);
    expect(there.asked.filter(({ path }) => path === '/graphql').map(({ body }) => replacesIn(body))).toEqual([
      null,
      'old',
    ]);
    const { variables } = JSON.parse(there.asked[1]!.body) as {
      variables: { authority: string; jwk: string; proof: string };
    };
    const proof = await verifyKeyProof(variables.proof, parsePublicJwk(variables.jwk), 'E06000001');
    expect([variables.authority, proof.aud, there.asked[1]!.headers.authorization]).toEqual([
      'E06000001',
      'hub.example',
      'Bearer abc.def.ghi',
    ]);
  });

  test('approve names the key', async () => {
    there.answers = { '/graphql': () => ({ body: { data: { approveKey: { kid: 'system', state: 'ACTIVE' } } } }) };
    expect(await hub(['keys', 'approve', 'system', ...withToken()])).toEqual({
      code: 0,
      stdout: 'system is active\n',
      stderr: '',
    });
    expect(JSON.parse(there.asked[0]!.body)).toMatchObject({ variables: { kid: 'system' } });
  });

  test('list tells of each key what it is and what has happened to it', async () => {
    const never = { approvedAt: null, until: null, revokedAt: null, reason: null, replaces: null };
    const july = { ...never, registeredAt: '2025-07-01T09:00:00.000Z', approvedAt: '2025-07-02T10:30:59.999Z' };
    const signingKeys = [
      { ...never, kid: 'd', state: 'PENDING', registeredAt: '2026-01-05T08:00:00.000Z' },
      { ...july, kid: 'c', state: 'ACTIVE', replaces: 'b', until: '2026-02-01T00:00:00.000Z' },
      { ...july, kid: 'b', state: 'RETIRED', until: '2025-08-01T10:30:59.999Z' },
      { ...july, kid: 'a', state: 'REVOKED', revokedAt: '2025-07-03T12:00:00.000Z', reason: 'lost laptop' },
    ];
    there.answers = { '/graphql': () => ({ body: { data: { signingKeys } } }) };
    const args = ['keys', 'list', '--organisation', 'E06000001', ...withToken()];
    expect((await hub(args)).stdout).toBe(
      [
        'pending  d',
        '         registered 2026-01-05 08:00 UTC',
        'active   c',
        '         registered 2025-07-01 09:00 UTC, approved 2025-07-02 10:30 UTC, in place of b, ends 2026-02-01 00:00 UTC',
        'retired  b',
        '         registered 2025-07-01 09:00 UTC, approved 2025-07-02 10:30 UTC, ended 2025-08-01 10:30 UTC',
        'revoked  a',
        '         registered 2025-07-01 09:00 UTC, approved 2025-07-02 10:30 UTC, revoked 2025-07-03 12:00 UTC: lost laptop',
        '',
      ].join('\n'),
    );
    expect(JSON.parse(there.asked[0]!.body)).toMatchObject({ variables: { organisation: 'E06000001' } });
    const printed = JSON.parse((await hub([...args, '--json'])).stdout) as unknown[];
    expect(printed).toEqual(signingKeys.map((one) => ({ ...one, state: one.state.toLowerCase() })));
    there.answers = { '/graphql': () => ({ body: { data: { signingKeys: [] } } }) };
    expect((await hub(args)).stdout).toBe('No keys.\n');
  });

  test('revoke says its reason', async () => {
    there.answers = { '/graphql': () => ({ body: { data: { revokeKey: { kid: 'system', state: 'REVOKED' } } } }) };
    expect(await hub(['keys', 'revoke', 'system', '--reason', 'lost laptop', '--json', ...withToken()])).toMatchObject({
      code: 0,
      stdout: '{"kid":"system","state":"revoked"}\n',
    });
    expect(JSON.parse(there.asked[0]!.body)).toMatchObject({ variables: { kid: 'system', reason: 'lost laptop' } });
  });
});
