import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { tenantId, toAppError, type Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  LOGGER,
  tenantScope,
  UnderWay,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import type { CommandOutcome } from '../domain/command-outcome.js';
import { mustTell, nextLook, SETTLE_MS } from '../domain/wanted-availability.js';
import { PlaceRepository } from '../persistence/place.repository.js';
import {
  WantedAvailabilityRepository,
  type WantedRow,
} from '../persistence/wanted-availability.repository.js';
import { ownPrincipal } from './operated-station.js';
import { RunCommand } from './run-command.js';

/** A process that dies while a station is told leaves its row due again then. */
const LEASE_MS = 2 * 60_000;

/**
 * Tells stations again what is wanted of them, once they are back. In the transaction the row is only leased; the call is made after
 * its commit, and its outcome is a transaction of its own.
 */
@Injectable()
export class ReapplyAvailability implements DueWorkDefinition<WantedRow>, BeforeApplicationShutdown {
  readonly name = 'reapply-availability';
  readonly intervalMs = 5_000;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    private readonly wanted: WantedAvailabilityRepository,
    private readonly places: PlaceRepository,
    private readonly commands: RunCommand,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<WantedRow[]> {
    return this.wanted.takeDue(tx, now, limit);
  }

  async run(tx: Tx, row: WantedRow, now: Date): Promise<void> {
    const scope = { tenant: row.tenant, publishedOnly: false };
    const [station] = await this.places.stations(tx, scope, [row.station_id]);
    const connectors = (station?.evses ?? []).flatMap((evse) => evse.connectors);
    const wish = {
      evseNumber: row.evse_number,
      connectorNumber: row.connector_number,
      operative: row.operative,
      confirmed: row.confirmed,
      attempts: row.attempts,
    };
    // Offline: the next connection makes it due again.
    const tell = station?.online === true && mustTell(wish, connectors);
    const dueAt = tell ? new Date(now.getTime() + LEASE_MS) : null;
    const attempts = tell ? row.attempts + 1 : row.attempts;
    await this.wanted.settle(tx, row, { confirmed: row.confirmed, attempts, dueAt });
    if (tell) tx.afterCommit(() => this.underWay.add(this.tell(row, attempts, station.lastBootAt)));
  }

  /** Waits for the calls that are out: their outcomes are still recorded. */
  beforeApplicationShutdown(): Promise<void> {
    return this.idle();
  }

  idle(): Promise<void> {
    return this.underWay.idle();
  }

  private async tell(row: WantedRow, attempts: number, bootedAt: Date | undefined): Promise<void> {
    const tenant = tenantId(row.tenant);
    const {
      station_id: stationId,
      evse_number: evseNumber,
      connector_number: connectorNumber,
      operative,
    } = row;
    const changeAvailability = { operative, evseNumber, connectorNumber };
    const cause = [row.version, bootedAt?.getTime() ?? 0, attempts].join('.');
    const settle = (outcome: CommandOutcome) => {
      const wait = nextLook(outcome, attempts);
      const dueAt = wait === undefined ? null : new Date(this.clock.now().getTime() + wait);
      const confirmed = row.confirmed || outcome === 'ACCEPTED';
      return this.database.transaction(tenantScope(tenant), (tx) =>
        this.wanted.settle(tx, row, { confirmed, attempts, dueAt }),
      );
    };
    try {
      const { outcome } = await this.commands.run(ownPrincipal(tenant), {
        stationId,
        action: 'ChangeAvailability',
        args: changeAvailability,
        idempotencyKey: `reapply:${stationId}:${evseNumber}:${connectorNumber}:${cause}`,
        command: () => ({ changeAvailability }),
      });
      await settle(outcome);
    } catch (thrown) {
      const { kind, code } = toAppError(thrown);
      this.log.warn({ stationId, kind, code }, 'availability could not be applied again');
      await settle('UNKNOWN');
    }
  }
}

/** When to look at a station that came back. */
export function settledBy(at: Date): Date {
  return new Date(at.getTime() + SETTLE_MS);
}
