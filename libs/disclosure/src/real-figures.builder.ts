import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from './moves';
import type { Cell, Equation, Policy, Problem } from './problem';

/*
 * Regional tables of what the Department for Education publishes of each authority, for tests and measurements: the
 * figures lie beside the project and are no part of it. What the Department hides is filled with counts from a seed.
 */

/** A published table of one region and year, filled, with what the Department itself prints of it. */
export interface RealTable {
  readonly name: string;
  readonly region: string;
  readonly year: number;
  readonly problem: Problem;
  /** Ids of the authorities' cells that the Department prints; it rounds its regions to 10. */
  readonly departments: ReadonlySet<string>;
  /** What sums to what, by column. */
  readonly sums: readonly { readonly total: string; readonly parts: readonly string[] }[];
  /** Authorities without figures, or whose hidden counts cannot be filled. */
  readonly leftOut: number;
}

/** The folder of figures, where there is one. */
export const figuresFolder = (root: string): string | undefined => {
  const folder = join(root, '..', 'shared', 'data');
  return existsSync(folder) ? folder : undefined;
};

export const tableNames = ['children in need', 'plans by duration', 'conferences by days', 'looked after'] as const;
export type TableName = (typeof tableNames)[number];

/** What one authority's return says: counts by id, `c` where the Department hides it, and what sums to what. */
interface Return {
  readonly counts: Map<string, number | 'c'>;
  readonly sums: readonly { readonly total: string; readonly parts: readonly string[] }[];
}

const plansBy = [
  '3_months_or_less',
  'more_than_3_months_6_months',
  'more_than_6_months_less_than_1_year',
  '1_year_less_than_2_years',
  '2_years_or_more',
];
const conferencesBy = ['Duration_0-10_days', 'Duration_11-15_days', 'Duration_16-20_days', 'Duration_21+_days'];
/** Each of these groups counts every looked-after child once. */
const groups = ['Age group', 'Sex', 'Ethnicity', 'Category of need', 'Legal status'];

const policy: Policy = { threshold: 6, zeros: 'printed', protect: 'range', told: true, insiders: true };

/**
 * All tables of a kind and year, one for each region.
 * @param seed  another seed fills what is hidden with other counts
 */
export function realTables(folder: string, name: TableName, year: number, seed: number): RealTable[] {
  const regionOf = new Map(
    rowsOf(folder, 'la_region_lookup_2024.csv').map((row) => [row.new_la_code!, row.region_code!]),
  );
  const returns = returnsOf(folder, name, year);
  const regions = [...new Set(regionOf.values())].sort();
  return regions.map((region) => {
    const members = [...returns].filter(([authority]) => regionOf.get(authority) === region);
    return regionalTable(name, region, year, new Map(members.sort()), seeded(seed + Number(region.slice(-3))));
  });
}

function returnsOf(folder: string, name: TableName, year: number): Map<string, Return | undefined> {
  const returns = new Map<string, Return | undefined>();
  const read = (file: string) =>
    rowsOf(folder, file).filter(
      (row) => row.time_period === String(year) && row.geographic_level === 'Local authority',
    );
  const wide = (file: string, columns: readonly string[], sums: Return['sums']) => {
    for (const row of read(file))
      returns.set(
        row.new_la_code!,
        returnOf(
          columns.map((each) => [each, row[each]!]),
          sums,
        ),
      );
  };
  if (name === 'plans by duration') {
    wide('cin_d5_cpp_duration_2013_2025.csv', ['CPP_At31', ...plansBy], [{ total: 'CPP_At31', parts: plansBy }]);
  } else if (name === 'conferences by days') {
    wide('cin_c4_section47_icpc_2013_2025.csv', ['ICPC', ...conferencesBy], [{ total: 'ICPC', parts: conferencesBy }]);
  } else if (name === 'children in need') {
    // Open at any point in the year: still open at its end, or ended.
    wide(
      'cin_b1_children_in_need_2013_2025.csv',
      ['Anypoint_episodes', 'Ended_episodes', 'At31_episodes', 'Started_episodes', 'awaiting_assessment'],
      [{ total: 'Anypoint_episodes', parts: ['Ended_episodes', 'At31_episodes'] }],
    );
  } else {
    const cells = new Map<string, [string, string][]>();
    for (const row of read('cla_31_march_by_characteristics_2023_2025_derived.csv')) {
      if (!groups.includes(row.cla_group!)) continue;
      const id = row.characteristic === 'Total' ? 'all' : `${row.cla_group}: ${row.characteristic}`;
      const list = cells.get(row.new_la_code!) ?? [];
      cells.set(row.new_la_code!, [...list, [id, row.cla_31_march_number!]]);
    }
    for (const [authority, list] of cells) {
      const ids = [...new Set(list.map(([id]) => id))].sort();
      const sums = groups.map((group) => ({ total: 'all', parts: ids.filter((id) => id.startsWith(`${group}: `)) }));
      returns.set(authority, returnOf(list, sums));
    }
  }
  return returns;
}

/** undefined where a count is neither a number nor hidden, or the sum itself is hidden. */
function returnOf(pairs: readonly (readonly [string, string])[], sums: Return['sums']): Return | undefined {
  const counts = new Map<string, number | 'c'>();
  for (const [id, text] of pairs) {
    if (text === 'c') counts.set(id, 'c');
    else if (/^\d+$/.test(text)) counts.set(id, Number(text));
    else return undefined;
  }
  return sums.some(({ total }) => typeof counts.get(total) !== 'number') ? undefined : { counts, sums };
}

/** Counts for all that is hidden: 1 to 5 each, and in every sum one takes what is left. undefined where that fails. */
function filled({ counts, sums }: Return, random: () => number): Map<string, number> | undefined {
  const small = () => 1 + Math.floor(5 * random());
  const full = new Map([...counts].map(([id, count]) => [id, count === 'c' ? small() : count]));
  for (const { total, parts } of sums) {
    const hidden = parts.filter((id) => counts.get(id) === 'c');
    const left = parts.reduce((rest, id) => rest - (counts.get(id) === 'c' ? 0 : full.get(id)!), full.get(total)!);
    if (hidden.length === 0) {
      if (left !== 0) return undefined;
      continue;
    }
    let tries = 0;
    for (; tries < 200; tries++) {
      const order = hidden.map((id) => ({ id, key: random() })).sort((a, b) => a.key - b.key);
      let rest = left;
      for (const { id } of order.slice(1)) {
        full.set(id, small());
        rest -= full.get(id)!;
      }
      if (rest < 1) continue;
      full.set(order[0]!.id, rest);
      break;
    }
    if (tries === 200) return undefined;
  }
  return full;
}

function regionalTable(
  name: TableName,
  region: string,
  year: number,
  returns: ReadonlyMap<string, Return | undefined>,
  random: () => number,
): RealTable {
  const cells: Cell[] = [];
  const equations: Equation[] = [];
  const departments = new Set<string>();
  const contributions = new Map<string, { id: string; authority: string; count: number }[]>();
  let leftOut = 0;
  let sums: Return['sums'] = [];
  const worth = (id: string) => (sums.some(({ total }) => total === id) ? 2 : 1);
  for (const [authority, sent] of returns) {
    const full = sent && filled(sent, random);
    if (!full) {
      leftOut++;
      continue;
    }
    sums = sent.sums;
    for (const [column, value] of full) {
      const id = `${authority} ${column}`;
      cells.push({ id, value, owner: authority, cost: worth(column) });
      if (sent.counts.get(column) !== 'c') departments.add(id);
      const list = contributions.get(column) ?? [];
      contributions.set(column, [...list, { id, authority, count: value }]);
    }
    for (const { total, parts } of sums) {
      equations.push({ total: `${authority} ${total}`, parts: parts.map((part) => `${authority} ${part}`) });
    }
    if (!full.has('awaiting_assessment')) continue;
    // Of the episodes still open those whose assessment is done: nobody prints them, and they must not follow.
    const rest = full.get('At31_episodes')! - full.get('awaiting_assessment')!;
    cells.push({ id: `${authority} assessed`, value: rest, owner: authority, locked: 'unpublished' });
    equations.push({
      total: `${authority} At31_episodes`,
      parts: [`${authority} awaiting_assessment`, `${authority} assessed`],
    });
  }
  for (const [column, parts] of contributions) {
    const some = parts.filter(({ count }) => count > 0);
    const value = parts.reduce((sum, { count }) => sum + count, 0);
    // Beside printed zeros a sum with one contributor is that authority's own count.
    const owner = some.length === 1 ? { owner: some[0]!.authority } : {};
    cells.push({ id: `${region} ${column}`, value, cost: 3 * worth(column), ...owner });
    equations.push({ total: `${region} ${column}`, parts: parts.map(({ id }) => id) });
  }
  return {
    name,
    region,
    year,
    problem: { cells, equations, ranges: [], attackers: [], policy },
    departments,
    sums,
    leftOut,
  };
}

/** A file of comma-separated values, as records; a first byte-order mark and quotes are understood. */
function rowsOf(folder: string, file: string): Record<string, string>[] {
  const [head, ...lines] = readFileSync(join(folder, file), 'utf8')
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/);
  const fields = (line: string) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
    );
  const names = fields(head!);
  return lines.map((line) => Object.fromEntries(fields(line).map((value, i) => [names[i]!, value])));
}
