import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { findNearest } from '../grammar/nearest.ts';
import type { Screen } from '../terminal/screen.ts';
import { type Column, renderTable } from './table.ts';

/** How a list or an object may be printed. */
export interface Shown<Item> {
  items: readonly Item[];
  columns: readonly Column<Item>[];
  /** For `-o name`. */
  nameOf: (item: Item) => string;
  /** True for a list: JSON is then an array, also of one. */
  isList: boolean;
}

export interface PrintOptions {
  format: string;
  /** As given by `--fields a,b`; empty is all. */
  fields: readonly string[];
  'no-headers': boolean;
}

/**
 * Objects on stdout in the format asked for. Fields of JSON, YAML and NDJSON are those of
 * the REST object, by path (`status.kind`); of a table its columns. An unknown one is a
 * usage error that offers the nearest.
 */
export async function printObjects<Item extends object>(
  screen: Screen,
  shown: Shown<Item>,
  options: PrintOptions,
): Promise<void> {
  const fields = options.fields
    .flatMap((field) => field.split(','))
    .map((field) => field.trim())
    .filter(Boolean);
  const picked = () => shown.items.map((item) => (fields.length === 0 ? item : pickFields(item, fields)));
  const whole = () => (shown.isList ? picked() : picked()[0]);
  switch (options.format) {
    case 'json':
      screen.out(`${JSON.stringify(whole(), null, 2)}\n`);
      return;
    case 'ndjson':
      for (const item of picked()) screen.out(`${JSON.stringify(item)}\n`);
      return;
    case 'yaml': {
      const { stringify } = await import('yaml');
      screen.out(stringify(whole()));
      return;
    }
    case 'name':
      for (const item of shown.items) screen.out(`${shown.nameOf(item)}\n`);
      return;
    default:
      screen.out(renderTable(shown.items, pickColumns(shown.columns, fields), screen, options['no-headers']));
  }
}

function pickFields(item: object, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field) => {
      let value: unknown = item;
      for (const part of field.split('.')) {
        if (typeof value !== 'object' || value === null) {
          value = null;
          break;
        }
        if (value === item && !(part in value)) throw refuseField(part, Object.keys(item));
        value = (value as Record<string, unknown>)[part] ?? null;
      }
      return [field, value];
    }),
  );
}

function pickColumns<Item>(columns: readonly Column<Item>[], fields: readonly string[]): Column<Item>[] {
  if (fields.length === 0) return [...columns];
  return fields.map((field) => {
    const column = columns.find(({ header }) => header === field);
    if (!column)
      throw refuseField(
        field,
        columns.map(({ header }) => header),
      );
    return column;
  });
}

function refuseField(field: string, known: readonly string[]): CommandError {
  const near = findNearest(field, known);
  return new CommandError(EXIT.usage, {
    code: 'usage',
    message: `there is no field "${field}"`,
    fix: near === null ? `one of ${known.join(', ')}` : `did you mean "${near}"?`,
  });
}
