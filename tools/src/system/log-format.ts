/** Turns one pino line of a service into a short coloured line for a person. Lines that are no JSON pass as they are. */
const COLOURS: Record<string, number> = { trace: 90, debug: 90, info: 32, warn: 33, error: 31, fatal: 35 };
const PALETTE = [36, 34, 35, 32, 33, 96, 94, 95, 92, 93, 91];
const HIDDEN = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'service', 'name', 'traceId', 'spanId']);

/** `source`: the process it came from. In one of several services each line says whose it is. */
export function formatLogLine(
  source: string,
  line: string,
  orderOf: (service: string) => number,
  colour: boolean,
): string {
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const record = parse(line);
  const service = String(record?.['service'] ?? source);
  const prefix = paint(PALETTE[orderOf(service) % PALETTE.length] ?? 36, service.padEnd(15));
  if (!record) return `${prefix} ${line}`;
  const level = String(record['level'] ?? 'info');
  const fields = Object.entries(record)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const at = String(record['time'] ?? '').slice(11, 23);
  return `${paint(90, at)} ${prefix} ${paint(COLOURS[level] ?? 32, level.toUpperCase().padEnd(5))} ${String(record['msg'] ?? '')} ${paint(90, fields)}`.trimEnd();
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
