import { readFileSync } from 'node:fs';
import type { GraphqlAnswer } from '@kilowatch/tools/client/graphql-client';

/** Who asks, in the order of the columns. */
export const ASKERS = [
  'driver',
  'other',
  'operator',
  'foreign',
  'support',
  'partner',
  'machine',
  'nobody',
] as const;
export type Asker = (typeof ASKERS)[number];

/** What an asker gets; the head of matrix.txt says what each word means. */
export type Outcome = string;
export type Row = Readonly<Record<Asker, Outcome>>;

const WORDS: Readonly<Record<string, Outcome>> = {
  UNAUTHENTICATED: 'login',
  FORBIDDEN: 'no',
  NOT_FOUND: 'none',
  BAD_USER_INPUT: 'bad',
  FAILED_PRECONDITION: 'pre',
};

/** The checked-in table; throws for a line that is no row. */
export function readMatrix(path: URL): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [name, ...outcomes] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (!name) continue;
    if (outcomes.length !== ASKERS.length)
      throw new Error(`matrix.txt: ${ASKERS.length} outcomes, please: ${line}`);
    if (rows.has(name)) throw new Error(`matrix.txt has two rows for ${name}`);
    rows.set(name, Object.fromEntries(ASKERS.map((who, at) => [who, outcomes[at]!])) as Row);
  }
  return rows;
}

export function rowText(name: string, row: Row): string {
  return [name.padEnd(44), ...ASKERS.map((who) => row[who].padEnd(8))].join(' ').trimEnd();
}

/** `ok`, `part` (some of what stands behind it is refused), `null`, or the word of the code at the root field. */
export function outcomeOf({ data, errors = [] }: GraphqlAnswer<Record<string, unknown>>): Outcome {
  if (errors.length === 0) return Object.values(data ?? {}).some(isEmpty) ? 'null' : 'ok';
  const code = (error: (typeof errors)[number]) => error.extensions?.code ?? 'UNKNOWN';
  const whole = errors.find(({ path }) => (path?.length ?? 0) <= 1);
  if (whole) return WORDS[code(whole)] ?? code(whole);
  const behind = [...new Set(errors.map(code))];
  return behind.length === 1 && behind[0] === 'FORBIDDEN' ? 'part' : behind.join('+');
}

const isEmpty = (value: unknown): boolean =>
  value === null || (Array.isArray(value) && value.length > 0 && value.every((one) => one === null));
