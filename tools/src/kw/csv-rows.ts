import { parse } from 'csv-parse/sync';
import { wrongInput } from './kw-error.js';

/** Rows of a CSV file with a header line, by column name. @throws naming missing columns or the broken line */
export function csvRows(text: string, required: readonly string[]): Record<string, string>[] {
  const rows = rowsOf(text);
  const missing = required.filter((column) => rows.length > 0 && !(column in rows[0]!));
  if (rows.length === 0)
    throw wrongInput(`the file has no rows below its header (columns: ${required.join(', ')})`);
  if (missing.length > 0) throw wrongInput(`the file has no column ${missing.join(', ')}`);
  return rows;
}

function rowsOf(text: string): Record<string, string>[] {
  try {
    return parse(text, {
      columns: (header: string[]) => header.map((name) => name.trim()),
      bom: true,
      trim: true,
      skip_empty_lines: true,
    }) as Record<string, string>[];
  } catch (error) {
    throw wrongInput(`the file is no CSV: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function flagOf(text: string | undefined, column: string): boolean | undefined {
  if (text === undefined || text === '') return undefined;
  if (['true', 'yes', '1'].includes(text.toLowerCase())) return true;
  if (['false', 'no', '0'].includes(text.toLowerCase())) return false;
  throw new Error(`${column} wants true or false, not ${text}`);
}

export function wholeOf(text: string | undefined, column: string): number {
  const value = Number(text);
  if (text === undefined || text === '' || !Number.isInteger(value)) {
    throw new Error(`${column} wants a whole number, not "${text ?? ''}"`);
  }
  return value;
}
