/** Turns one pino line of a service into a short coloured line for a person. Lines that are no JSON pass as they are. */
const LEVELS: Record<number, { label: string; colour: number }> = {
  10: { label: 'TRACE', colour: 90 },
  20: { label: 'DEBUG', colour: 90 },
  30: { label: 'INFO ', colour: 32 },
  40: { label: 'WARN ', colour: 33 },
  50: { label: 'ERROR', colour: 31 },
  60: { label: 'FATAL', colour: 35 },
};
const PALETTE = [36, 34, 35, 32, 33, 96, 94, 95, 92, 93, 91];
const HIDDEN = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'service', 'name', 'traceId', 'spanId']);

export function formatLogLine(service: string, line: string, index: number, colour: boolean): string {
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const prefix = paint(PALETTE[index % PALETTE.length] ?? 36, service.padEnd(15));
  const record = parse(line);
  if (!record) return `${prefix} ${line}`;
  const level = LEVELS[Number(record['level'])] ?? { label: 'INFO ', colour: 32 };
  const fields = Object.entries(record)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const at = new Date(Number(record['time'] ?? Date.now())).toISOString().slice(11, 23);
  return `${paint(90, at)} ${prefix} ${paint(level.colour, level.label)} ${String(record['msg'] ?? '')} ${paint(90, fields)}`.trimEnd();
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
