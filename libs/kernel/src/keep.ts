/**
 * Keeps a value under its key in a map that holds so many at most: the oldest goes first.
 * @returns the value
 */
export function keep<K, V>(map: Map<K, V>, most: number, key: K, value: V): V {
  if (map.size >= most && !map.has(key)) map.delete(map.keys().next().value!);
  map.set(key, value);
  return value;
}
