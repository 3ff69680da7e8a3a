import { parse } from 'csv-parse/sync';

/** Rows of a CSV file with a header line, by column name. @throws naming missing columns or the broken line */
export function csvRows(text: string, required: readonly string[]): Record<string, string>[] {
  const rows = parse(text, {
    columns: (header: string[]) => header.map((name) => name.trim()),
    bom: true,
    trim: true,
    skip_empty_lines: true,
  }) as Record<string, string>[];
  const missing = required.filter((column) => rows.length > 0 && !(column in rows[0]!));
  if (rows.length === 0)
    throw new Error(`the file has no rows below its header (columns: ${required.join(', ')})`);
  if (missing.length > 0) throw new Error(`the file has no column ${missing.join(', ')}`);
  return rows;
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
