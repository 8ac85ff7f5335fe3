import { Made } from './made';

describe('what is made of things that do not change', () => {
  const things = [{}, {}];

  test('is made once for the same things in the same way', () => {
    const made = new Made<object>(2);
    const first = made.of(things, 'as a table', () => ({}));
    expect(made.of([...things], 'as a table', () => ({}))).toBe(first);
    expect(made.of(things, 'as a line', () => ({}))).not.toBe(first);
  });

  test('is made anew for other things, were they alike', () => {
    const made = new Made<object>(2);
    const first = made.of(things, '', () => ({}));
    expect(made.of([things[0]!], '', () => ({}))).not.toBe(first);
    expect(made.of([things[0]!, {}], '', () => ({}))).not.toBe(first);
    expect(made.of([{}, things[1]!], '', () => ({}))).not.toBe(first);
  });

  test('is kept while it does not weigh too much', () => {
    const made = new Made<object>(2);
    const [first] = ['a', 'b', 'c'].map((how) => made.of(things, how, () => ({})));
    expect(made.of(things, 'a', () => ({}))).not.toBe(first);
    expect([made.weight, made.find(things, 'b')]).toEqual([2, undefined]);
  });
});
