import { csvCell } from '@hub/kernel';
import type { Dataset } from '@hub/registry/domain';
import { columns, placesOf, type Column } from './columns';

/** A row of a payload, as far as a template looks at it. */
export interface PreviousRow {
  readonly indicator: string;
  readonly breakdown?: Readonly<Record<string, string>>;
  readonly count?: number;
  readonly of?: number;
  readonly status?: string;
  readonly reason?: string;
  readonly period?: string;
}

export interface TemplateOptions {
  readonly authority?: string;
  readonly period?: string;
  /** The rows of an earlier return, whose values stand in the new one until they are overwritten. */
  readonly previous?: readonly PreviousRow[];
}

/**
 * The table that a return is written in, as CSV: a row for every count that the dataset can hold. Rows that are left
 * empty are not sent.
 */
export function templateOf(dataset: Dataset, { authority, period, previous = [] }: TemplateOptions = {}): string {
  const keyOf = (indicator: string, dimension = '', category = '') => `${indicator} ${dimension} ${category}`;
  const before = new Map(
    previous
      .filter((row) => row.period === undefined)
      .map((row) => [keyOf(row.indicator, ...(Object.entries(row.breakdown ?? {})[0] ?? [])), row]),
  );
  const rows = placesOf(dataset).map(({ indicator, dimension, category, name }) => {
    const last = before.get(keyOf(indicator, dimension, category));
    const row: Partial<Record<Column, string | number | undefined>> = {
      ...{ dataset: dataset.code, version: dataset.version, period, authority, indicator, dimension, category, name },
      ...{ count: last?.count, of: last?.of, status: last?.status, reason: last?.reason },
    };
    return columns.map((column) => csvCell(row[column])).join(',');
  });
  // The mark at the beginning tells spreadsheets that this is UTF-8.
  return `\uFEFF${[columns.join(','), ...rows, ''].join('\r\n')}`;
}
