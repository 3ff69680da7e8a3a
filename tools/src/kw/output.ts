/** How `kw` speaks: tables for people, JSON for programs. */
export interface Output {
  /** One object or list: printed as JSON with --json, else by `text`. */
  show(value: unknown, text: () => string): void;
  /** One of many that follow each other: with --json one document a line. */
  next(value: unknown, text: () => string): void;
  /** For people only: not with --json. */
  note(text: string): void;
}

export function outputTo(write: (text: string) => void, json: boolean): Output {
  return {
    show: (value, text) => write(json ? `${JSON.stringify(value, null, 2)}\n` : `${text()}\n`),
    next: (value, text) => write(json ? `${JSON.stringify(value)}\n` : `${text()}\n`),
    note: (text) => (json ? undefined : write(`${text}\n`)),
  };
}

/** Columns as wide as their widest cell, and how many rows of `total` are not shown. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  total = rows.length,
): string {
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  const rest = total > rows.length ? [`${total - rows.length} more`] : [];
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line), ...rest].join(
    '\n',
  );
}
