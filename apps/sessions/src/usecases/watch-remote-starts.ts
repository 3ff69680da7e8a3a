import { Inject, Injectable } from '@nestjs/common';
import { counter, LOGGER, type DueWorkDefinition, type Logger, type Tx } from '@kilowatch/platform';
import { ExpiredStartRepository, type ExpiredStart } from '../persistence/expired-start.repository.js';

/** A station that accepted a start and never made it (Q45): counted, logged, and whoever looks at the station looks again. */
@Injectable()
export class WatchRemoteStarts implements DueWorkDefinition<ExpiredStart> {
  readonly name = 'watch-remote-starts';
  readonly intervalMs = 5_000;

  constructor(
    private readonly starts: ExpiredStartRepository,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<ExpiredStart[]> {
    return this.starts.take(tx, now, limit);
  }

  async run(tx: Tx, start: ExpiredStart): Promise<void> {
    await this.starts.forget(tx, start);
    tx.live('station', start.stationId);
    tx.afterCommit(() => {
      counter('kw_sessions_total').inc({ outcome: 'never_started' });
      const { tenant, stationId, evseNumber } = start;
      this.log.warn({ tenant, stationId, evseNumber }, 'start was accepted and never made');
    });
  }
}
