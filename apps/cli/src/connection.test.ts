import { Unreachable } from '@hub/client';
import { placeIn } from './connection';

test('a file lies in its folder, whatever code the hub answers', () => {
  expect(placeIn('out', 'e06000001_spine.svg')).toBe('out/e06000001_spine.svg');
  for (const name of ['../x_spine.svg', '/etc/x_bar.csv', '..', '.profile', 'a\\b.csv', 'a/b.csv', '', 'a\nb'])
    expect(() => placeIn('out', name)).toThrow(Unreachable);
});
