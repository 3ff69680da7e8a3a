import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type Principal } from '@kilowatch/platform';
import { WantedAvailabilityRepository } from '../persistence/wanted-availability.repository.js';
import { OperatedStation } from './operated-station.js';
import { RunCommand, type CommandAnswer } from './run-command.js';
import { requireNumber } from './transaction-request.js';

export interface ChangeAvailabilityInput {
  readonly stationId: string;
  readonly operative: boolean;
  readonly evseNumber?: number | null;
  readonly connectorNumber?: number | null;
  readonly idempotencyKey?: string | null;
}

/**
 * Takes a station, an EVSE or a connector out of service, or back. The wish stays on record unless the station refuses it: one that
 * is away, or that forgets it in a reboot, is told when it is back (reapply-availability.ts).
 */
@Injectable()
export class ChangeAvailability {
  constructor(
    private readonly stations: OperatedStation,
    private readonly wanted: WantedAvailabilityRepository,
    private readonly commands: RunCommand,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async change(principal: Principal, input: ChangeAvailabilityInput): Promise<CommandAnswer> {
    const { stationId, operative, idempotencyKey } = input;
    const evseNumber = input.evseNumber ?? 0;
    const connectorNumber = input.connectorNumber ?? 0;
    requireNumber('EVSE', evseNumber);
    requireNumber('CONNECTOR', connectorNumber);
    await this.stations.one(principal, stationId);
    const changeAvailability = { operative, evseNumber, connectorNumber };
    return this.commands.run(principal, {
      stationId,
      idempotencyKey,
      action: 'ChangeAvailability',
      args: changeAvailability,
      command: () => ({ changeAvailability }),
      finished: async (tx, _id, { outcome }) => {
        if (outcome === 'REJECTED' || outcome === 'CHARGER_ERROR') return;
        await this.wanted.save(tx, principal.tenant, {
          ...changeAvailability,
          stationId,
          confirmed: outcome === 'ACCEPTED',
          requestedBy: principal.accountId,
          requestedAt: this.clock.now(),
        });
        tx.live('station', stationId);
      },
    });
  }
}
