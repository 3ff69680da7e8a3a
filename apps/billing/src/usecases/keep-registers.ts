import { Injectable } from '@nestjs/common';
import type { metering } from '@kilowatch/contracts';
import type { Tx } from '@kilowatch/platform';
import { bucketsOf, type RegisterReading } from '../domain/register-buckets.js';
import { mergeBuckets } from '../persistence/live-register.repository.js';

/**
 * Keeps the registers of running transactions, thinned, for the live cost. They are kept by transaction, not by
 * session, so that the first of them count though they come before the start is told. One statement per batch.
 */
@Injectable()
export class KeepRegisters {
  async run(tx: Tx, tenant: string, readings: readonly metering.ReadingSummary[]): Promise<void> {
    const registers = readings.flatMap((reading): RegisterReading[] => {
      const { stationId, transactionRef, measuredAt, energyImportMwh } = reading;
      if (transactionRef === '' || !measuredAt || energyImportMwh === undefined) return [];
      return [{ stationId, transactionRef, at: measuredAt, mwh: energyImportMwh }];
    });
    if (registers.length > 0) await mergeBuckets(tx, tenant, bucketsOf(registers));
  }
}
