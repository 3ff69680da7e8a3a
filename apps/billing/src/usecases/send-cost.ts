import { Inject, Injectable } from '@nestjs/common';
import { ocppGateway } from '@kilowatch/contracts';
import { tenantId, toAppError, type Clock } from '@kilowatch/kernel';
import { CLOCK, counter, Database, LOGGER, tenantScope, type Logger } from '@kilowatch/platform';
import { COMMANDS, type CommandClient } from '../peers.js';
import { landCost, type CostDisplayRow } from '../persistence/cost-display.repository.js';

type Outcome = 'told' | 'offline' | 'unknown' | 'refused' | 'not_supported';

const TIMEOUT_SECONDS = 10;
const NOT_THERE = new Set(['NotSupported', 'NotImplemented']);
const OUTCOMES: Readonly<Partial<Record<ocppGateway.CommandOutcome, Outcome>>> = {
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_ACCEPTED]: 'told',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_REJECTED]: 'refused',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR]: 'refused',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_OFFLINE]: 'offline',
};

/** One CostUpdated and what came of it. Never rejects: a station that was not told is told the next cost. */
@Injectable()
export class SendCost {
  constructor(
    private readonly database: Database,
    @Inject(COMMANDS) private readonly commands: CommandClient,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** @param paceMs until the session is looked at again */
  async run(flight: CostDisplayRow, amount: string, paceMs: number): Promise<void> {
    const outcome = await this.outcomeOf(flight, amount);
    counter('kw_billing_costs_told_total').inc({ outcome });
    try {
      const landed = {
        told: outcome === 'told' ? amount : flight.told,
        silent: flight.silent || outcome === 'not_supported',
        dueAt: new Date(this.clock.now().getTime() + paceMs),
      };
      await this.database.transaction(tenantScope(tenantId(flight.tenant)), (tx) =>
        landCost(tx, flight, landed),
      );
    } catch (err) {
      // The lease lapses by itself; the same cost is told once more then, which changes nothing on the display.
      this.log.warn({ err, sessionId: flight.sessionId }, 'what came of a cost was not recorded');
    }
  }

  private async outcomeOf(flight: CostDisplayRow, amount: string): Promise<Outcome> {
    const { tenant, sessionId, stationId, transactionRef, lease } = flight;
    const payload = { totalCost: Number(amount), transactionId: transactionRef };
    try {
      const answer = await this.commands.send(
        ocppGateway.SendRequest.fromPartial({
          stationId,
          idempotencyKey: `cost:${sessionId}:${lease}`,
          timeoutSeconds: TIMEOUT_SECONDS,
          requestedBy: 'billing',
          raw: { action: 'CostUpdated', payloadJson: JSON.stringify(payload) },
        }),
        { tenant: tenantId(tenant), deadlineMs: (TIMEOUT_SECONDS + 2) * 1000, idempotent: true },
      );
      if (NOT_THERE.has(answer.errorCode)) return 'not_supported';
      return OUTCOMES[answer.outcome] ?? 'unknown';
    } catch (thrown) {
      const { kind, code } = toAppError(thrown);
      this.log.warn({ sessionId, stationId, kind, code }, 'cost could not be told');
      // A station that came back with OCPP 1.6 has no such message.
      return kind === 'INVALID' ? 'not_supported' : 'unknown';
    }
  }
}
