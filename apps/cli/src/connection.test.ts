import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unreachable } from '@hub/client';
import { placeIn } from './connection';
import { run } from './hub';

test('a file lies in its folder, whatever code the hub answers', () => {
  expect(placeIn('out', 'e06000001_spine.svg')).toBe('out/e06000001_spine.svg');
  for (const name of ['../x_spine.svg', '/etc/x_bar.csv', '..', '.profile', 'a\\b.csv', 'a/b.csv', '', 'a\nb'])
    expect(() => placeIn('out', name)).toThrow(Unreachable);
});

test('a token goes by http:// to this machine alone, unless it is said that it may', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plain-'));
  const file = join(folder, 'token');
  writeFileSync(file, 'a.token');
  // Where a question would go is enough: nothing leaves.
  const asked = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'));
  const ask = async (url: string) => {
    let error = '';
    const streams = { out: () => undefined, err: (text: string) => void (error += text) };
    return [
      await run(['round', 'list', '--region', 'E12000001', '--url', url, '--token-file', file], streams),
      error,
    ] as const;
  };
  try {
    for (const url of ['http://hub.example', 'http://10.0.0.5:4000', 'http://127.0.0.1.example', 'HTTP://hub.example'])
      expect((await ask(url))[0]).toBe(2);
    expect((await ask('http://hub.example'))[1]).toContain('HUB_PLAIN_HTTP=true');
    expect(asked).not.toHaveBeenCalled();
    const here = ['https://hub.example', 'http://127.0.0.1:4000', 'http://localhost:4000', 'http://[::1]:4000'];
    for (const url of here) expect((await ask(url))[1]).toContain('No answer');
    process.env['HUB_PLAIN_HTTP'] = 'true';
    expect((await ask('http://hub.example'))[1]).toContain('No answer');
  } finally {
    delete process.env['HUB_PLAIN_HTTP'];
    asked.mockRestore();
    rmSync(folder, { recursive: true });
  }
});
