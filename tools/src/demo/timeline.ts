/** What the demo prints: one line per event, with the time since its start and the charger it concerns. */
const COLOURS: Record<string, number> = { '1.6': 36, '2.0.1': 35, system: 90 };
const BARS = ' ▁▂▃▄▅▆▇█';

export class Timeline {
  private readonly startedAt = performance.now();

  constructor(
    private readonly write: (line: string) => void,
    private readonly colour: boolean,
  ) {}

  say(who: string, text: string): void {
    const seconds = ((performance.now() - this.startedAt) / 1000).toFixed(1).padStart(5);
    const label = who === 'system' ? 'system    ' : `OCPP ${who.padEnd(5)}`;
    this.write(`${seconds} s  ${this.paint(COLOURS[who] ?? 0, label)}  ${text}`);
  }

  private paint(code: number, text: string): string {
    return this.colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** A one-line plot of a power curve: each column the mean of its share of the points, scaled to the highest. */
export function sparkline(values: readonly number[], columns = 60): string {
  if (values.length === 0) return '';
  const width = Math.min(columns, values.length);
  const top = Math.max(...values, 1);
  return Array.from({ length: width }, (_, column) => {
    const from = Math.floor((column * values.length) / width);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / width));
    const share = values.slice(from, to);
    const mean = share.reduce((sum, value) => sum + value, 0) / share.length;
    return BARS[Math.round((mean / top) * (BARS.length - 1))];
  }).join('');
}
