/**
 * What the signed readings of a session are worth (OCMF, "Signing and Verification Process"): signed by keys that the operator registered,
 * numbered in order, from one meter, the first read at the begin and the last at an end of the transaction, the meter in order. A key
 * that comes along in a message proves nothing.
 */
import { decimal, isAppError } from '@kilowatch/kernel';
import { readOcmf, type OcmfReading, type OcmfRecord } from './ocmf-record.js';
import type { MeterKey } from './meter-key.js';
import { unwrap, type SignedValue } from './signed-value.js';
import { signatureFault, type SignatureFault } from './verify-record.js';

/**
 * VERIFIED: begin and end are proven. FAILED: something was changed, or is not by the registered key. UNKNOWN_KEY: no key is registered that
 * it could be. INCOMPLETE: what there is is good, but a begin or an end is missing or unusable. UNSIGNED: there is none.
 */
export const SIGNED_VERDICTS = ['VERIFIED', 'FAILED', 'UNKNOWN_KEY', 'INCOMPLETE', 'UNSIGNED'] as const;
export type SignedVerdict = (typeof SIGNED_VERDICTS)[number];

export type SignedReason =
  | SignatureFault
  | 'format_unknown'
  | 'record_unreadable'
  | 'key_unknown'
  | 'page_order'
  | 'page_repeated'
  | 'meter_changed'
  | 'begin_missing'
  | 'end_missing'
  | 'meter_fault'
  | 'energy_unusable'
  | 'register_backwards'
  | 'differs_from_plain';

export interface RegisteredKey {
  readonly key: MeterKey;
  /** Of the meter, or of the gateway that signs for it; empty: whatever meter is behind the EVSE. */
  readonly serial: string;
  readonly validFrom: Date;
  readonly validUntil: Date | undefined;
}

export interface SignedSample extends SignedValue {
  /** By the charger's clock. */
  readonly measuredAt: Date;
}

export interface JudgedRecord {
  readonly measuredAt: Date;
  readonly verdict: 'VERIFIED' | 'FAILED' | 'UNKNOWN_KEY' | 'UNREADABLE';
  readonly reason: SignedReason | undefined;
  /** As the meter wrote it; empty when it is in no format that is known. */
  readonly ocmf: string;
  /** What the station says the key is. */
  readonly claimedKey: string;
  readonly record: OcmfRecord | undefined;
  /** That verified it. */
  readonly key: MeterKey | undefined;
}

export interface SignedSession {
  readonly verdict: SignedVerdict;
  readonly reasons: readonly SignedReason[];
  readonly beginMwh: number | undefined;
  readonly endMwh: number | undefined;
  /** In the order of their times. */
  readonly records: readonly JudgedRecord[];
}

const ENDS: ReadonlySet<string | undefined> = new Set(['E', 'L', 'R', 'A', 'P']);
const MWH_OF: Readonly<Record<string, string>> = { kwh: '1000000', wh: '1000' };
/** Registers are told with two decimals of a kWh, each of both ends. */
const ROUNDING_MWH = 20_000;
const TOLERANCE = 0.01;

/** @param plainMwh energy by the plain registers of the same session, undefined when there are none */
export function judgeSigned(
  samples: readonly SignedSample[],
  keys: readonly RegisteredKey[],
  plainMwh: number | undefined,
): SignedSession {
  if (samples.length === 0)
    return { verdict: 'UNSIGNED', reasons: [], beginMwh: undefined, endMwh: undefined, records: [] };
  const ordered = [...samples].sort((a, b) => a.measuredAt.getTime() - b.measuredAt.getTime());
  const records = withoutRepeats(ordered.map((sample) => judgeRecord(sample, keys)));
  const good = records.flatMap(({ verdict, record }) => (verdict === 'VERIFIED' && record ? [record] : []));
  const ends = energyOf(good);
  const reasons = new Set<SignedReason>(records.flatMap(({ reason }) => reason ?? []));
  for (const fault of [...orderFaults(good), ...ends.faults]) reasons.add(fault);
  const { beginMwh, endMwh } = ends;
  if (beginMwh !== undefined && endMwh !== undefined) {
    if (endMwh < beginMwh) reasons.add('register_backwards');
    else if (plainMwh !== undefined && !good.some(({ lossCompensated }) => lossCompensated))
      if (Math.abs(endMwh - beginMwh - plainMwh) > ROUNDING_MWH + plainMwh * TOLERANCE)
        reasons.add('differs_from_plain');
  }
  return { verdict: verdictOf(records, reasons), reasons: [...reasons].sort(), beginMwh, endMwh, records };
}

const FAILURES: ReadonlySet<SignedReason> = new Set([
  'signature_wrong',
  'other_curve',
  'signature_unreadable',
  'page_order',
  'page_repeated',
  'meter_changed',
  'register_backwards',
  'differs_from_plain',
]);

function verdictOf(records: readonly JudgedRecord[], reasons: ReadonlySet<SignedReason>): SignedVerdict {
  if (records.some(({ verdict }) => verdict === 'FAILED')) return 'FAILED';
  if ([...reasons].some((reason) => FAILURES.has(reason))) return 'FAILED';
  if (!records.some(({ verdict }) => verdict === 'VERIFIED'))
    return records.some(({ verdict }) => verdict === 'UNKNOWN_KEY') ? 'UNKNOWN_KEY' : 'INCOMPLETE';
  return reasons.size === 0 ? 'VERIFIED' : 'INCOMPLETE';
}

export function judgeRecord(sample: SignedSample, keys: readonly RegisteredKey[]): JudgedRecord {
  const { measuredAt } = sample;
  const unwrapped = unwrap(sample);
  const base = {
    measuredAt,
    ocmf: unwrapped?.ocmf ?? '',
    claimedKey: unwrapped?.publicKey ?? sample.publicKey,
    record: undefined,
    key: undefined,
  };
  if (!unwrapped) return { ...base, verdict: 'UNREADABLE', reason: 'format_unknown' };
  let record: OcmfRecord;
  try {
    record = readOcmf(unwrapped.ocmf);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { ...base, verdict: 'UNREADABLE', reason: 'record_unreadable' };
  }
  const candidates = keysFor(record, keys, measuredAt);
  if (candidates.length === 0) return { ...base, record, verdict: 'UNKNOWN_KEY', reason: 'key_unknown' };
  const faults = candidates.map(({ key }) => ({ key, fault: signatureFault(record, key) }));
  const signer = faults.find(({ fault }) => fault === undefined);
  if (signer) return { ...base, record, key: signer.key, verdict: 'VERIFIED', reason: undefined };
  const reason = faults.find(({ fault }) => fault !== 'other_curve')?.fault ?? 'other_curve';
  // An algorithm that we cannot compute proves neither the one nor the other.
  return { ...base, record, verdict: reason === 'algorithm_unknown' ? 'UNREADABLE' : 'FAILED', reason };
}

/** Those of its serial number, else those that are for whatever meter is there. */
function keysFor(record: OcmfRecord, keys: readonly RegisteredKey[], at: Date): readonly RegisteredKey[] {
  const valid = keys.filter(
    ({ validFrom, validUntil }) => validFrom <= at && (validUntil === undefined || at < validUntil),
  );
  const serials = [record.meterSerial, record.gatewaySerial].filter(Boolean).map(folded);
  const own = valid.filter(({ serial }) => serial !== '' && serials.includes(folded(serial)));
  return own.length > 0 ? own : valid.filter(({ serial }) => serial === '');
}

function folded(serial: string): string {
  return serial.toUpperCase().replace(/[\s-]/g, '');
}

/** Stations tell the same record with several messages. */
function withoutRepeats(records: readonly JudgedRecord[]): JudgedRecord[] {
  const seen = new Set<string>();
  return records.filter(({ ocmf }) => ocmf === '' || (!seen.has(ocmf) && seen.add(ocmf)));
}

function orderFaults(records: readonly OcmfRecord[]): SignedReason[] {
  const faults = new Set<SignedReason>();
  const serials = new Set(records.map(({ meterSerial, gatewaySerial }) => `${gatewaySerial}|${meterSerial}`));
  if (serials.size > 1) faults.add('meter_changed');
  for (const context of ['T', 'F'] as const) {
    const pages = records.flatMap(({ page }) => (page?.context === context ? [page.number] : []));
    for (const [index, page] of pages.entries()) {
      const before = pages[index - 1];
      if (before === undefined || page > before) continue;
      faults.add(page === before ? 'page_repeated' : 'page_order');
    }
  }
  return [...faults];
}

interface Ends {
  readonly beginMwh: number | undefined;
  readonly endMwh: number | undefined;
  readonly faults: readonly SignedReason[];
}

/** The import register at the begin and at the end of the transaction: one that is there at both, the first that is told. */
function energyOf(records: readonly OcmfRecord[]): Ends {
  const readings = records
    .filter(({ page }) => page?.context !== 'F')
    .flatMap((record) => record.readings)
    .filter(isOfImport);
  const registers = [...new Set(readings.map(({ register }) => register))];
  const both = registers.map((register) => endsOf(readings.filter((one) => one.register === register)));
  const whole = both.find(({ faults }) => faults.length === 0) ?? both[0];
  return whole ?? { beginMwh: undefined, endMwh: undefined, faults: ['begin_missing', 'end_missing'] };
}

function endsOf(readings: readonly OcmfReading[]): Ends {
  const faults = new Set<SignedReason>();
  const begin = readings.find(({ reason }) => reason === 'B');
  const end = readings.filter(({ reason }) => ENDS.has(reason)).at(-1);
  if (!begin) faults.add('begin_missing');
  if (!end) faults.add('end_missing');
  for (const one of [begin, end]) if (one && one.status !== 'G') faults.add('meter_fault');
  if (readings.some(({ unusable, reason }) => unusable.includes('E') || reason === 'X'))
    faults.add('energy_unusable');
  const [beginMwh, endMwh] = [begin, end].map((one) => one && mwhOf(one));
  if (begin && beginMwh === undefined) faults.add('begin_missing');
  if (end && endMwh === undefined) faults.add('end_missing');
  return { beginMwh, endMwh, faults: [...faults] };
}

/** OBIS: 1.8.x import, 2.8.x export; registers of OCMF: B0 to B3 import, C0 to C3 export (at the grid, at the car, of the transaction). */
function isOfImport({ register, unit }: OcmfReading): boolean {
  if (unit !== '' && !(unit.toLowerCase() in MWH_OF)) return false;
  if (register === '') return true;
  const value = register.includes(':') ? register.slice(register.indexOf(':') + 1) : register;
  return /^(?:0?1|B[0-3]|98)\.0?8\./i.test(value);
}

/** Undefined when it tells no energy that fits. Parts of a mWh are left off, as a register does. */
function mwhOf({ value, unit }: OcmfReading): number | undefined {
  const factor = MWH_OF[unit.toLowerCase()];
  if (value === undefined || factor === undefined) return undefined;
  const mwh = Number(decimal(value).times(factor).round(0, 0).toString());
  return Number.isSafeInteger(mwh) && mwh >= 0 ? mwh : undefined;
}
