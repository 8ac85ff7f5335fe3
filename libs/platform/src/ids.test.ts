import { innerId, newId, publicId } from './ids';

const id = '0198c2f4-7a11-7c33-8d44-0123456789ab';

test('a new id is a UUIDv7, and later ones sort behind', () => {
  const ids = Array.from({ length: 200 }, newId);
  for (const one of ids) expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the id of the API names its kind and its hub, and leads back', () => {
  const outer = publicId('sub', 'hub.north.example', id);
  expect(outer).toBe('sub_hub.north.example_0198c2f47a117c338d440123456789ab');
  expect(innerId('sub', 'hub.north.example', outer)).toBe(id);
});

test.each([
  ['another kind', 'pub_hub-a_0198c2f47a117c338d440123456789ab'],
  ['another hub', 'sub_hub-b_0198c2f47a117c338d440123456789ab'],
  ['a hub whose name begins with ours', 'sub_hub-a2_0198c2f47a117c338d440123456789ab'],
  ['capitals', 'sub_hub-a_0198C2F47A117C338D440123456789AB'],
  ['hyphens', `sub_hub-a_${id}`],
  ['too short', 'sub_hub-a_0198c2f47a117c338d440123456789a'],
  ['too long', 'sub_hub-a_0198c2f47a117c338d440123456789abc'],
  ['a line end', 'sub_hub-a_0198c2f47a117c338d440123456789ab\n'],
  ['SQL', "sub_hub-a_' or 1=1 --"],
  ['nothing behind it', 'sub_hub-a_'],
  ['nothing', ''],
])('an id of %s is no id here', (_what, text) => {
  expect(innerId('sub', 'hub-a', text)).toBeNull();
});
