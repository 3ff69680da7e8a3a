import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { StationDeviationRepository } from '../persistence/station-deviation.repository.js';

/** A kind that a station has not shown for so long is mended, or the station is gone. */
const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;

@Injectable()
export class ForgetDeviations implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-deviations';
  readonly intervalMs = DAY_MS;
  readonly limit = 1_000;

  constructor(private readonly deviations: StationDeviationRepository) {}

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    return this.deviations.forget(tx, new Date(now.getTime() - KEPT_DAYS * DAY_MS), limit);
  }
}
