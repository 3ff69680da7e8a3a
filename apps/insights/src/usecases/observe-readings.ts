import { Injectable } from '@nestjs/common';
import type { metering } from '@kilowatch/contracts';
import { groupBy } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { detect } from '../domain/detect.js';
import { readingTime } from '../domain/device-clock.js';
import { observe } from '../domain/observe.js';
import type { Sample } from '../domain/watch.js';
import { activeTransactions } from '../persistence/session.repository.js';
import {
  lockWatches,
  saveStates,
  watchKey,
  type TransactionKey,
  type Watch,
} from '../persistence/watch.repository.js';
import { RecordFindings } from './record-findings.js';

/** A reading this much older than its arrival was kept back: it says nothing about now. */
const BACKFILL_MS = 5 * 60_000;

type Reading = metering.ReadingSummary;

/** The hot path: a batch of readings of many transactions in one select and one upsert (an insert for new ones). */
@Injectable()
export class ObserveReadings {
  constructor(private readonly findings: RecordFindings) {}

  async run(tx: Tx, tenant: string, readings: readonly Reading[]): Promise<void> {
    const batches = groupBy(await this.named(tx, tenant, readings), watchKey);
    if (batches.size === 0) return;
    let keys = [...batches.values()].map(([first]) => first as TransactionKey);
    while (keys.length > 0) {
      const watches = await lockWatches(tx, tenant, keys);
      const judged = watches.map((watch) => ({ watch, found: judge(watch, batches.get(watchKey(watch)) ?? []) })); // prettier-ignore
      // Somebody else stored the first state of these meanwhile: what they are is judged anew, on top of that.
      const overtaken = await saveStates(tx, tenant, watches);
      for (const { watch, found } of judged) {
        if (found.length === 0 || !watch.session || overtaken.includes(watch)) continue;
        await this.findings.run(tx, tenant, watch.session, found);
      }
      keys = overtaken;
    }
  }

  /** Readings that name no transaction belong to the one that runs on their EVSE. */
  private async named(tx: Tx, tenant: string, readings: readonly Reading[]): Promise<Reading[]> {
    const nameless = readings.filter((reading) => reading.transactionRef === '');
    if (nameless.length === 0) return [...readings];
    const running = await activeTransactions(tx, tenant, [
      ...new Set(nameless.map((reading) => reading.stationId)),
    ]);
    return readings.flatMap((reading) => {
      if (reading.transactionRef !== '') return [reading];
      const transaction = running.get(`${reading.stationId}|${reading.evseNumber}`);
      return transaction ? [{ ...reading, transactionRef: transaction.transactionRef }] : [];
    });
  }
}

/** In time order, with a look after each reading: an incident that came and went within a batch is seen too. */
function judge(watch: Watch, readings: readonly Reading[]) {
  const offset = watch.session?.clockOffsetMs ?? 0;
  const samples = readings.map((reading) => toSample(reading, offset)).sort((a, b) => a.at - b.at);
  return samples.flatMap((sample) => {
    observe(watch.state, sample, watch.around);
    return detect(watch.state, watch.around);
  });
}

function toSample(reading: Reading, clockOffsetMs: number): Sample {
  const told = reading.measuredAt?.getTime();
  const { at, lagMs } = readingTime(told, reading.receivedAt?.getTime() ?? told ?? 0, clockOffsetMs);
  return {
    at,
    energyMwh: reading.energyImportMwh,
    powerW: reading.powerW,
    socPercent: reading.socPercent,
    offeredMa: reading.offeredCurrentMa,
    live: !reading.offline && lagMs < BACKFILL_MS,
  };
}
