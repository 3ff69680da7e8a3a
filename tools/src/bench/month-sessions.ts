/**
 * The sessions of a month: of a file of real ones, or made up from a seed in their proportions. Those of a file come from several
 * months; each keeps its time of day, its day of the month, its stay and its energy, and is put into the month asked for.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export const MONTH_ZONE = 'Europe/Amsterdam';

export interface MonthSession {
  readonly sessionId: string;
  readonly stationId: string;
  readonly transactionRef: string;
  readonly accountId: string;
  /** Milliseconds since 1970, whole seconds. */
  readonly start: number;
  /** When the car stopped asking for power; its end where it charged to the last. */
  readonly full: number;
  readonly end: number;
  readonly wh: number;
  /** In order of time, with begin, full and end; the register of the session itself, from 0. */
  readonly readings: readonly { readonly at: number; readonly wh: number }[];
}

/** What a file tells of a session, in the clock time of its site. */
export interface Stay {
  readonly day: number;
  readonly secondOfDay: number;
  readonly staySeconds: number;
  readonly chargeSeconds: number;
  readonly wh: number;
}

const CHARGING_EVERY_S = 300;
const FULL_EVERY_S = 900;
const DRIVERS = 500;
const STATIONS = 60;
/** Three phases at 32 A: more than that is a mistake of the file. */
const MOST_W = 22_000;

/** Rows of `start_local,end_local,charge_min,idle_min,energy_kwh` (gzip or not). What cannot be is left out: no energy, no time, too much power. */
export function staysOf(file: Buffer): Stay[] {
  const text = (file[0] === 0x1f ? gunzipSync(file) : file).toString('utf8');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line): Stay[] => {
      const [from = '', to = '', chargeMinutes = '', , kwh = ''] = line.split(',');
      const [start, end] = [Date.parse(`${from}Z`), Date.parse(`${to}Z`)];
      const staySeconds = Math.floor((end - start) / 1000);
      const chargeSeconds = Math.min(staySeconds, Math.round(Number(chargeMinutes) * 60));
      const wh = Math.round(Number(kwh) * 1000);
      if (!(chargeSeconds > 0 && wh > 0) || (wh * 3600) / chargeSeconds > MOST_W) return [];
      const day = new Date(start).getUTCDate();
      return [{ day, secondOfDay: Math.floor((start % 86_400_000) / 1000), staySeconds, chargeSeconds, wh }];
    });
}

export function staysOfFile(path: string): Stay[] {
  return staysOf(readFileSync(path));
}

/** In the proportions of workplace chargers: most come in the morning, half of the stay is idle, some energies are tiny. */
export function madeUpStays(count: number, seed: number): Stay[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const staySeconds = 120 + Math.floor(random() ** 2 * 14 * 3600);
    const chargeSeconds = random() < 0.3 ? staySeconds : Math.max(60, Math.floor(staySeconds * random()));
    const watts = 1_400 + random() * 9_600;
    const wh =
      random() < 0.04 ? Math.ceil(random() * 90) : Math.max(1, Math.round((watts * chargeSeconds) / 3600));
    return {
      day: 1 + Math.floor(random() * 28),
      secondOfDay: Math.floor(86_400 * (random() < 0.6 ? 0.27 + random() * 0.17 : random())),
      staySeconds,
      chargeSeconds,
      wh,
    };
  });
}

/** @param month 1 to 12 */
export function monthOf(stays: readonly Stay[], year: number, month: number, seed = 1): MonthSession[] {
  const random = seeded(seed);
  const pick = (ids: readonly string[]) => ids[Math.floor(random() * ids.length)]!;
  const accounts = Array.from({ length: DRIVERS }, () => randomUUID());
  const stations = Array.from({ length: STATIONS }, () => randomUUID());
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return stays.map(({ day, secondOfDay, staySeconds, chargeSeconds, wh }, index) => {
    const local = Date.UTC(year, month - 1, Math.min(day, days)) + secondOfDay * 1000;
    const start = instantOf(local);
    const full = start + chargeSeconds * 1000;
    const end = start + staySeconds * 1000;
    return {
      sessionId: randomUUID(),
      stationId: pick(stations),
      transactionRef: `month-${index}`,
      accountId: pick(accounts),
      start,
      full,
      end,
      wh,
      readings: readingsOf(start, chargeSeconds, staySeconds, wh),
    };
  });
}

function readingsOf(start: number, chargeSeconds: number, staySeconds: number, wh: number) {
  const seconds = [0];
  for (let s = CHARGING_EVERY_S; s < chargeSeconds; s += CHARGING_EVERY_S) seconds.push(s);
  seconds.push(chargeSeconds);
  for (let s = chargeSeconds + FULL_EVERY_S; s < staySeconds; s += FULL_EVERY_S) seconds.push(s);
  if (staySeconds > chargeSeconds) seconds.push(staySeconds);
  return seconds.map((s) => ({
    at: start + s * 1000,
    wh: s >= chargeSeconds ? wh : Math.floor((wh * s) / chargeSeconds),
  }));
}

/** Of a clock time, read as UTC. One that the clock skips or shows twice is taken by the offset of an hour before. */
function instantOf(local: number): number {
  return local - offsetAt(local - offsetAt(local - 3_600_000));
}

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: MONTH_ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** What the clock of the zone is ahead of UTC, ms. */
function offsetAt(instant: number): number {
  const part = new Map(clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const get = (name: Intl.DateTimeFormatPartTypes) => part.get(name) ?? 0;
  const shown = Date.UTC(
    get('year'),
    get('month') - 1,
    get('day'),
    get('hour'),
    get('minute'),
    get('second'),
  );
  return shown - instant;
}

/** mulberry32. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
