/**
 * What the signed readings of a session are worth (OCMF, "Signing and Verification Process"): signed by keys that the operator registered,
 * numbered in order, from one meter, the first read at the begin and the last at an end of the transaction, the meter in order. A key
 * that comes along in a message proves nothing.
 */
import { decimal, isAppError } from '@kilowatch/kernel';
import { energyDirection } from './energy-register.js';
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
  | 'page_of_another_session'
  | 'time_outside_session'
  | 'meter_changed'
  | 'begin_missing'
  | 'end_missing'
  | 'meter_fault'
  | 'energy_unusable'
  | 'register_backwards'
  | 'differs_from_plain'
  | 'records_left_out';

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
  /** In the order in which they were signed. */
  readonly records: readonly JudgedRecord[];
}

const ENDS: ReadonlySet<string | undefined> = new Set(['E', 'L', 'R', 'A', 'P']);
const MWH_OF: Readonly<Record<string, string>> = { kwh: '1000000', wh: '1000' };
export interface SignedContext {
  /** Energy by the plain registers of the same session; undefined when there are none. */
  readonly plainMwh?: number | undefined;
  /** By the charger's clock; undefined: not known, and nothing is compared with it. */
  readonly startedAt?: Date | undefined;
  readonly endedAt?: Date | undefined;
  /** Between the first and the last of the samples there are more than are looked at. */
  readonly areSome?: boolean | undefined;
  /** Pages (`pageKeys`) that another session has shown before. */
  readonly shownBefore?: ReadonlySet<string> | undefined;
}

/** A meter's clock and a charger's may differ; more than that is another session. */
const CLOCKS_APART_MS = 3_600_000;
/** Clocks that a meter vouches for. */
const TRUSTED_CLOCKS: ReadonlySet<string> = new Set(['S', 'R']);
/** Registers are told with two decimals of a kWh, each of both ends. */
const ROUNDING_MWH = 20_000;
const TOLERANCE = 0.01;

export function judgeSigned(
  samples: readonly SignedSample[],
  keys: readonly RegisteredKey[],
  { plainMwh, startedAt, endedAt, areSome, shownBefore }: SignedContext = {},
): SignedSession {
  if (samples.length === 0)
    return { verdict: 'UNSIGNED', reasons: [], beginMwh: undefined, endMwh: undefined, records: [] };
  const records = inOrder(withoutRepeats(samples.map((sample) => judgeRecord(sample, keys))));
  const good = goodRecords(records);
  const ends = energyOf(good);
  const reasons = new Set<SignedReason>(records.flatMap(({ reason }) => reason ?? []));
  for (const fault of [...orderFaults(good), ...ends.faults]) reasons.add(fault);
  if (shownBefore && pageKeys(good).some((key) => shownBefore.has(key)))
    reasons.add('page_of_another_session');
  if (areSome) reasons.add('records_left_out');
  if (startedAt && isOutside(good, startedAt, endedAt)) reasons.add('time_outside_session');
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
  'page_of_another_session',
  'meter_changed',
  'register_backwards',
  'differs_from_plain',
]);

function verdictOf(records: readonly JudgedRecord[], reasons: ReadonlySet<SignedReason>): SignedVerdict {
  if (records.some(({ verdict }) => verdict === 'FAILED')) return 'FAILED';
  if ([...reasons].some((reason) => FAILURES.has(reason))) return 'FAILED';
  if (!records.some(({ verdict }) => verdict === 'VERIFIED'))
    return records.some(({ verdict }) => verdict === 'UNKNOWN_KEY') ? 'UNKNOWN_KEY' : 'INCOMPLETE';
  // Begin and end are among those that were looked at, and they decide.
  return [...reasons].every((reason) => reason === 'records_left_out') ? 'VERIFIED' : 'INCOMPLETE';
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
  // What the meter signed of the time is better than what the charger says of it.
  const candidates = keysFor(record, keys, signedTime(record) ?? measuredAt);
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

/** Stations tell the same record with several messages, and some meters sign it anew each time. */
function withoutRepeats(records: readonly JudgedRecord[]): JudgedRecord[] {
  const best = new Map<string, JudgedRecord>();
  for (const one of records) {
    const name = one.record?.payload ?? `${one.ocmf}|${one.ocmf === '' ? best.size : ''}`;
    const held = best.get(name);
    // A copy whose signature is spoiled does not take the place of a good one, nor hide behind it.
    if (!held) best.set(name, one);
    else if (held.verdict !== one.verdict) best.set(`${name}|${one.verdict}`, one);
  }
  return [...best.values()];
}

/** By what was signed, which nobody can change: pages, then the meter's time; the charger's time for what tells neither. */
function inOrder(records: readonly JudgedRecord[]): JudgedRecord[] {
  const timeOf = ({ record, measuredAt }: JudgedRecord) =>
    ((record && signedTime(record)) ?? measuredAt).getTime();
  return [...records].sort((a, b) => {
    const [one, other] = [a.record?.page, b.record?.page];
    if (one && other && one.context === other.context && one.number !== other.number)
      return one.number - other.number;
    return timeOf(a) - timeOf(b) || (a.ocmf < b.ocmf ? -1 : 1);
  });
}

function goodRecords(records: readonly JudgedRecord[]): OcmfRecord[] {
  return records.flatMap(({ verdict, record }) => (verdict === 'VERIFIED' && record ? [record] : []));
}

/** What names a record among all that its meter ever signed: shown by one session, it is none of another's. */
export function pageKeys(records: readonly OcmfRecord[]): string[] {
  return records.map(({ gatewaySerial, meterSerial, page, payload }) => {
    const number = page ? `${page.context}${page.number}` : payload;
    return `${folded(gatewaySerial)}|${folded(meterSerial)}|${number}`;
  });
}

/** The pages that a session shows with good signatures. */
export function shownPages(records: readonly JudgedRecord[]): string[] {
  return pageKeys(goodRecords(records));
}

/** Of its first reading. */
function signedTime({ readings }: OcmfRecord): Date | undefined {
  return readings[0]?.at;
}

function isOutside(records: readonly OcmfRecord[], startedAt: Date, endedAt: Date | undefined): boolean {
  const from = startedAt.getTime() - CLOCKS_APART_MS;
  const to = (endedAt?.getTime() ?? Infinity) + CLOCKS_APART_MS;
  return records
    .filter(({ page }) => page?.context !== 'F')
    .flatMap(({ readings }) => readings)
    .some(({ at, clock }) => at && TRUSTED_CLOCKS.has(clock) && (at.getTime() < from || at.getTime() > to));
}

function orderFaults(records: readonly OcmfRecord[]): SignedReason[] {
  const faults = new Set<SignedReason>();
  const serials = new Set(records.map(({ meterSerial, gatewaySerial }) => `${gatewaySerial}|${meterSerial}`));
  if (serials.size > 1) faults.add('meter_changed');
  for (const context of ['T', 'F'] as const) {
    // They are in the order of their pages: then their times must be, too.
    const paged = records.filter(({ page }) => page?.context === context);
    for (const [index, record] of paged.entries()) {
      const before = paged[index - 1];
      if (before === undefined) continue;
      if (record.page!.number === before.page!.number) faults.add('page_repeated');
      const [then, now] = [signedTime(before), signedTime(record)];
      if (then && now && now < then) faults.add('page_order');
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

function isOfImport({ register, unit }: OcmfReading): boolean {
  if (unit !== '' && !(unit.toLowerCase() in MWH_OF)) return false;
  return register === '' || energyDirection(register) === 'IMPORT';
}

/** Undefined when it tells no energy that fits. Parts of a mWh are left off, as a register does. */
function mwhOf({ value, unit }: OcmfReading): number | undefined {
  const factor = MWH_OF[unit.toLowerCase()];
  if (value === undefined || factor === undefined) return undefined;
  const mwh = Number(decimal(value).times(factor).round(0, 0).toString());
  return Number.isSafeInteger(mwh) && mwh >= 0 ? mwh : undefined;
}
