/**
 * One record of the Open Charge Metering Format (OCMF 1.0 to 1.3, SAFE e.V.): `OCMF|payload|signature`, both JSON. What is signed is the
 * payload's text between the pipes, as it was sent. Fields that a reading leaves out are those of the reading before it.
 */
import { invalid } from '@kilowatch/kernel';

/** Why the meter was read: begin, charging, exception, end (at the station, remotely, by a fault, by a power cut), suspended, tariff change. */
export type ReadingReason = 'B' | 'C' | 'X' | 'E' | 'L' | 'R' | 'A' | 'P' | 'S' | 'T';

export interface OcmfReading {
  readonly at: Date | undefined;
  /** U: never set, I: for information, S: synchronised, R: measured from a start for information. Empty: not said. */
  readonly clock: string;
  /** Undefined: outside of a transaction. */
  readonly reason: ReadingReason | undefined;
  /** Decimal text; undefined when only an event is told. */
  readonly value: string | undefined;
  readonly unit: string;
  /** OBIS code of the register; empty: not said. */
  readonly register: string;
  /** E: energy, t: time may not be billed from here on. */
  readonly unusable: string;
  /** G: good; all else is a fault of the meter. */
  readonly status: string;
}

export interface OcmfRecord {
  /** What was signed. */
  readonly payload: string;
  readonly version: string;
  /** T: of transactions, F: of all else; each counts by itself. Undefined: it is not numbered as the format demands. */
  readonly page: { readonly context: 'T' | 'F'; readonly number: number } | undefined;
  readonly meterSerial: string;
  readonly gatewaySerial: string;
  readonly meter: string;
  /** The cable's losses are taken off: plain figures beside it may be larger. */
  readonly lossCompensated: boolean;
  readonly readings: readonly OcmfReading[];
  readonly signature: { readonly algorithm: string; readonly encoding: string; readonly data: string };
}

export const DEFAULT_ALGORITHM = 'ECDSA-secp256r1-SHA256';
const REASONS: ReadonlySet<unknown> = new Set(['B', 'C', 'X', 'E', 'L', 'R', 'A', 'P', 'S', 'T']);
const MOST_READINGS = 500;
const LONGEST_TEXT = 100;

type Fields = Readonly<Record<string, unknown>>;

/** Throws INVALID for what is no record. */
export function readOcmf(text: string): OcmfRecord {
  const end = text.lastIndexOf('|');
  const begin = 'OCMF|'.length;
  if (!text.startsWith('OCMF|') || end < begin) throw unreadable('it has not three sections');
  const payload = text.slice(begin, end);
  const fields = objectIn(payload, 'payload');
  const signature = objectIn(text.slice(end + 1), 'signature');
  const given = fields['RD'];
  if (!Array.isArray(given) || given.length === 0) throw unreadable('it holds no reading');
  if (given.length > MOST_READINGS) throw unreadable('it holds too many readings');
  const data = signature['SD'];
  if (typeof data !== 'string' || data === '') throw unreadable('it is not signed');
  return {
    payload,
    version: textOf(fields['FV']),
    page: pageOf(fields['PG']),
    meterSerial: textOf(fields['MS']),
    gatewaySerial: textOf(fields['GS']),
    meter: [fields['MV'], fields['MM']].map(textOf).filter(Boolean).join(' '),
    lossCompensated: typeof fields['LC'] === 'object' && fields['LC'] !== null,
    readings: readingsOf(given),
    signature: {
      algorithm: textOf(signature['SA']) || DEFAULT_ALGORITHM,
      encoding: (textOf(signature['SE']) || 'hex').toLowerCase(),
      data,
    },
  };
}

function readingsOf(given: readonly unknown[]): OcmfReading[] {
  let held: Fields = {};
  return given.map((one) => {
    if (typeof one !== 'object' || one === null) throw unreadable('a reading is no object');
    held = { ...held, ...one };
    return readingOf(held, one as Fields);
  });
}

/** `own`: the value is the one field that no reading inherits. */
function readingOf(fields: Fields, own: Fields): OcmfReading {
  const [time = '', clock = ''] = textOf(fields['TM']).split(/\s+/);
  const reason = fields['TX'];
  if (reason !== undefined && !REASONS.has(reason)) throw unreadable('a reading has a reason that is none');
  return {
    at: timeOf(time),
    clock,
    reason: reason as ReadingReason | undefined,
    value: valueOf(own['RV']),
    unit: textOf(fields['RU']),
    register: textOf(fields['RI']),
    unusable: textOf(fields['EF']),
    status: textOf(fields['ST']),
  };
}

/** `2018-07-24T13:22:04,000+0200`; some write a point, a colon in the offset, or Z. */
function timeOf(text: string): Date | undefined {
  const found =
    /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:[,.](\d{1,3})\d*)?(?:(Z)|([+-]\d{2}):?(\d{2}))$/.exec(text);
  if (!found) return undefined;
  const [, day, fraction = '0', utc, hours, minutes] = found;
  const at = new Date(`${day}.${fraction.padEnd(3, '0')}${utc ?? `${hours}:${minutes}`}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function valueOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return plain(String(value));
  return typeof value === 'string' ? plain(value.trim()) : undefined;
}

function plain(text: string): string | undefined {
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? text : undefined;
}

function pageOf(value: unknown): OcmfRecord['page'] {
  const found = typeof value === 'string' ? /^([TF])(\d{1,15})$/.exec(value) : null;
  return found ? { context: found[1] as 'T' | 'F', number: Number(found[2]) } : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, LONGEST_TEXT) : '';
}

function objectIn(text: string, what: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw unreadable(`its ${what} is no JSON`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw unreadable(`its ${what} is no object`);
  return parsed as Fields;
}

function unreadable(reason: string): Error {
  return invalid('METERING_OCMF', `This is no OCMF record that can be read: ${reason}.`, { reason });
}
