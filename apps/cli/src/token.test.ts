import { answeringHub, hub } from './answering-hub.builder';

const there = answeringHub();
const { write, key } = there;

test('hub token asks the development issuer, and prints the token alone', async () => {
  write('dev.json', JSON.stringify({ issuer: there.url, audience: 'urn:hub' }));
  write('dev-issuer.json', JSON.stringify({ clientSecret: 's3cret' }));
  there.answers = {
    '/.well-known/openid-configuration': () => ({ body: { token_endpoint: `${there.url}/token` } }),
    '/token': () => ({ body: { access_token: 'abc.def' } }),
  };
  expect(await hub(['token', '--as', 'regional-lead', '--of', 'E12000001'])).toEqual({
    code: 0,
    stdout: 'abc.def\n',
    stderr: '',
  });
  expect(Object.fromEntries(new URLSearchParams(there.asked[1]!.body))).toEqual({
    grant_type: 'client_credentials',
    client_id: 'regional-lead@E12000001',
    client_secret: 's3cret',
    resource: 'urn:hub',
  });
  there.answers['/token'] = () => ({ status: 401, body: { error: 'invalid_client' } });
  expect(await hub(['token', '--as', 'king', '--of', 'E12000001'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/--as is one of .*authority-analyst.*ROLE-2/) as string,
  });
  there.answers['/.well-known/openid-configuration'] = () => ({
    body: { token_endpoint: 'http://elsewhere.example/token' },
  });
  expect(await hub(['token', '--as', 'regional-lead', '--of', 'E12000001'])).toMatchObject({ code: 3, stdout: '' });
});

test('hub token gets a system its token by its own key, from the issuer that the hub names', async () => {
  there.answers = {
    '/.well-known/hub.json': () => ({ body: { hubId: 'hub.example', issuer: there.url, audience: 'urn:hub' } }),
    '/.well-known/openid-configuration': () => ({ body: { issuer: there.url, token_endpoint: `${there.url}/token` } }),
    '/token': () => ({ body: { access_token: 'abc.def', token_type: 'Bearer', expires_in: 60 } }),
  };
  const args = ['token', '--client', 'client-1', '--key', await key('system')];
  expect(await hub([...args, '--url', there.url])).toEqual({ code: 0, stdout: 'abc.def\n', stderr: '' });
  const form = Object.fromEntries(new URLSearchParams(there.asked.at(-1)!.body));
  expect(form).toMatchObject({ grant_type: 'client_credentials', client_id: 'client-1', resource: 'urn:hub' });
  expect(form['client_assertion']).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(form).not.toHaveProperty('client_secret');
  there.asked = [];
  expect(await hub([...args, '--issuer', there.url, '--audience', 'urn:other'])).toMatchObject({ code: 0 });
  expect(there.asked.map(({ path }) => path)).toEqual(['/.well-known/openid-configuration', '/token']);
  there.answers['/token'] = () => ({ status: 401, body: { error: 'invalid_client' } });
  const refused = await hub([...args, '--url', there.url]);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^TOKEN_REFUSED: /);
  for (const wrong of [['token'], ['token', '--client', 'c'], [...args], [...args, '--as', 'steward', '--of', 'hub']]) {
    expect(await hub(wrong)).toMatchObject({ code: 2, stdout: '' });
  }
});

test('address and token may stand in the environment; what is given goes before it', async () => {
  there.answers = { '/graphql': () => ({ body: { data: { approveKey: { kid: 'a', state: 'ACTIVE' } } } }) };
  process.env['HUB_URL'] = there.url;
  process.env['HUB_TOKEN_FILE'] = write('token', 'from.the.environment');
  try {
    expect(await hub(['keys', 'approve', 'a'])).toMatchObject({ code: 0, stdout: 'a is active\n' });
    await hub(['keys', 'approve', 'a', '--token-file', write('other', 'given')]);
    expect(there.asked.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer from.the.environment',
      'Bearer given',
    ]);
  } finally {
    delete process.env['HUB_URL'];
    delete process.env['HUB_TOKEN_FILE'];
  }
});
