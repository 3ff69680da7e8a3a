import { Inject, Injectable } from '@nestjs/common';
import { events, type metering } from '@kilowatch/contracts';
import { groupBy, tenantId, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, Database, IDS, isUniqueViolation, SYSTEM_SCOPE, type Tx } from '@kilowatch/platform';
import { normalise } from '../domain/normalise.js';
import { normalTransactionRef, sampleHash } from '../domain/reading-key.js';
import type { SampledValue } from '../domain/reading.js';
import { SampleForms } from '../domain/sample-form.js';
import {
  insertMissing,
  insertNew,
  isPartitionNew,
  type ReadingRow,
} from '../persistence/reading.repository.js';
import { markCurvesDue } from '../persistence/session-curve.repository.js';
import { insertSigned } from '../persistence/signed-reading.repository.js';
import { tellPower, type PowerPlaces } from './power-news.js';
import { SessionIndex, type ReadingOwner } from './session-index.js';

/** A stop may bring the samples of a whole night: one event would be too large to publish. */
const MOST_PER_EVENT = 1_000;
/** Where one station repeats itself more will: a gateway that sent a batch again, a network that came back. */
const REPEATS_FOR_MS = 1_000;

/** Stores a batch of readings of many stations and tenants in one transaction, each once. */
@Injectable()
export class RecordReadings {
  /** Until then each reading is looked for before it is written. */
  private repeatsUntil = 0;
  private readonly forms = new SampleForms();

  constructor(
    private readonly database: Database,
    private readonly index: SessionIndex,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Resolves when all of them are on disk. Sets that name no valid tenant are refused as a whole batch (INVALID). */
  async run(sets: readonly metering.MeterValueSet[]): Promise<{ stored: number; duplicates: number }> {
    const now = this.clock.now();
    const rows = sets.flatMap((set) => toRows(set, this.forms, now));
    if (rows.length === 0) return { stored: 0, duplicates: 0 };
    const fresh = await this.store(rows).catch((error: unknown) => {
      if (isPartitionNew(error)) return this.store(rows);
      throw error;
    });
    const counts = { stored: fresh, duplicates: rows.length - fresh };
    counter('kw_readings_total').inc({ outcome: 'stored' }, counts.stored);
    counter('kw_readings_total').inc({ outcome: 'duplicate' }, counts.duplicates);
    return counts;
  }

  /** Returns how many were not there yet. */
  private async store(rows: readonly ReadingRow[]): Promise<number> {
    if (this.clock.now().getTime() >= this.repeatsUntil) {
      try {
        return await this.attempt(rows, async (tx) => {
          await insertNew(tx, rows);
          return rows;
        });
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        this.repeatsUntil = this.clock.now().getTime() + REPEATS_FOR_MS;
      }
    }
    return this.attempt(rows, (tx) => insertMissing(tx, rows));
  }

  private attempt(
    rows: readonly ReadingRow[],
    insert: (tx: Tx) => Promise<readonly ReadingRow[]>,
  ): Promise<number> {
    return this.database.transaction(SYSTEM_SCOPE, async (tx) => {
      // Asked for together: whether some were there already changes nothing about whose they are.
      const [inserted, sessions] = await Promise.all([insert(tx), this.index.sessionsOf(tx, rows)]);
      if (inserted.length > 0) {
        await insertSigned(tx, inserted);
        await markCurvesDue(tx, lateOf(inserted, sessions), this.clock.now());
        this.announce(tx, inserted, sessions);
      }
      return inserted.length;
    });
  }

  private announce(tx: Tx, rows: readonly ReadingRow[], known: ReadonlyMap<ReadingRow, ReadingOwner>): void {
    const sessions = known.size === 0 ? known : ofThese(rows, known);
    for (const [tenant, ofTenant] of groupBy(rows, (row) => row.tenant)) {
      for (let i = 0; i < ofTenant.length; i += MOST_PER_EVENT) {
        const part = ofTenant.slice(i, i + MOST_PER_EVENT);
        tx.publish(events.readingsRecorded, {
          tenant,
          aggregateId: this.ids.newId(),
          aggregateVersion: 1,
          occurredAt: this.clock.now(),
          payload: { readings: part.map((row) => summary(row, sessions.get(row))) },
        });
      }
    }
    for (const [row, sessionId] of uniqueBySession(sessions))
      tx.live('session', sessionId, undefined, row.tenant);
    tellPower(tx, powered(sessions));
  }
}

function ofThese(
  rows: readonly ReadingRow[],
  known: ReadonlyMap<ReadingRow, ReadingOwner>,
): ReadonlyMap<ReadingRow, ReadingOwner> {
  const found = new Map<ReadingRow, ReadingOwner>();
  for (const row of rows) {
    const owner = known.get(row);
    if (owner) found.set(row, owner);
  }
  return found;
}

function toRows(set: metering.MeterValueSet, forms: SampleForms, now: Date): ReadingRow[] {
  const measuredAt = set.measuredAt ?? set.receivedAt ?? now;
  const samples: SampledValue[] = set.samples;
  const { plans, between, codes } = forms.of(samples);
  const hash = sampleHash(samples, between);
  // Each field by name, not `...reading`: it would be made anew for every few fields that are added to it.
  return normalise(samples, plans).map((reading) => ({
    context: reading.context,
    energyImportMwh: reading.energyImportMwh,
    energyExportMwh: reading.energyExportMwh,
    energyIntervalMwh: reading.energyIntervalMwh,
    clockIntervalMwh: reading.clockIntervalMwh,
    exportIntervalMwh: reading.exportIntervalMwh,
    powerW: reading.powerW,
    powerExportW: reading.powerExportW,
    socPercent: reading.socPercent,
    currentMa: reading.currentMa,
    voltageMv: reading.voltageMv,
    offeredCurrentMa: reading.offeredCurrentMa,
    deviations:
      set.deviations.length === 0
        ? reading.deviations
        : [...new Set([...reading.deviations, ...set.deviations])],
    tenant: tenantId(set.tenant),
    stationId: set.stationId,
    transactionRef: normalTransactionRef(set.transactionRef),
    evseNumber: set.evseNumber,
    connectorNumber: set.connectorNumber,
    measuredAt,
    receivedAt: set.receivedAt ?? now,
    seqNo: set.seqNo,
    offline: set.offline,
    sampleHash: hash,
    samples,
    sampleCodes: codes,
  }));
}

/** Sessions may be closed of which a reading comes later than this: their curves have to be looked after. */
const LATE_MS = 10_000;

function lateOf(
  rows: readonly ReadingRow[],
  known: ReadonlyMap<ReadingRow, ReadingOwner>,
): { tenant: string; sessionId: string }[] {
  return rows.flatMap((row) => {
    const owner = known.get(row);
    const late = row.receivedAt.getTime() - row.measuredAt.getTime() > LATE_MS;
    return owner && late ? [{ tenant: row.tenant, sessionId: owner.sessionId }] : [];
  });
}

/** Whose it is, though the station named no transaction. */
function summary(row: ReadingRow, owner: ReadingOwner | undefined): metering.ReadingSummary {
  return {
    stationId: row.stationId,
    evseNumber: row.evseNumber,
    transactionRef: owner?.transactionRef ?? row.transactionRef,
    sessionId: owner?.sessionId ?? '',
    measuredAt: row.measuredAt,
    receivedAt: row.receivedAt,
    energyImportMwh: row.energyImportMwh,
    powerW: row.powerW,
    socPercent: row.socPercent,
    currentMa: row.currentMa,
    voltageMv: row.voltageMv,
    offeredCurrentMa: row.offeredCurrentMa,
    context: row.context,
    offline: row.offline,
  };
}

function uniqueBySession(sessions: ReadonlyMap<ReadingRow, ReadingOwner>): [ReadingRow, string][] {
  const seen = new Map<string, [ReadingRow, string]>();
  for (const [row, { sessionId }] of sessions) seen.set(sessionId, [row, sessionId]);
  return [...seen.values()];
}

function* powered(sessions: ReadonlyMap<ReadingRow, ReadingOwner>): Generator<PowerPlaces> {
  for (const [{ powerW, tenant, stationId }, { evseId, locationId }] of sessions)
    if (powerW !== undefined) yield { tenant, stationId, evseId, locationId };
}
