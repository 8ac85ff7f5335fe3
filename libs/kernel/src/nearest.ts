/** How many letters have to be changed, put in or taken out to make one text of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** The name that was probably meant; undefined where none is near. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, far: distance(given, name) }))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1));
  return best && best.far <= Math.max(2, best.name.length / 4) ? best.name : undefined;
}
