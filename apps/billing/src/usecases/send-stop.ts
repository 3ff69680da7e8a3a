import { Inject, Injectable } from '@nestjs/common';
import { ocppGateway } from '@kilowatch/contracts';
import { tenantId, toAppError, type Clock } from '@kilowatch/kernel';
import { CLOCK, counter, Database, LOGGER, tenantScope, type Logger } from '@kilowatch/platform';
import { againAfterMs, type StopOutcome } from '../domain/stop-pace.js';
import { COMMANDS, type CommandClient } from '../peers.js';
import { landStop, type DueStop } from '../persistence/session-fund.repository.js';

const TIMEOUT_SECONDS = 10;
const OUTCOMES: Readonly<Partial<Record<ocppGateway.CommandOutcome, StopOutcome>>> = {
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_ACCEPTED]: 'accepted',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_REJECTED]: 'refused',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR]: 'refused',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_OFFLINE]: 'offline',
};

/** One stop and what came of it. Never rejects: a station that was not told is asked again. */
@Injectable()
export class SendStop {
  constructor(
    private readonly database: Database,
    @Inject(COMMANDS) private readonly commands: CommandClient,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async run(
    flight: DueStop,
    at: { readonly stationId: string; readonly transactionRef: string },
  ): Promise<void> {
    const outcome = await this.outcomeOf(flight, at);
    counter('kw_fund_stops_total').inc({ outcome });
    const dueAt = new Date(this.clock.now().getTime() + againAfterMs(outcome, flight.lease));
    try {
      await this.database.transaction(tenantScope(tenantId(flight.tenant)), (tx) =>
        landStop(tx, flight, dueAt),
      );
    } catch (err) {
      // The lease lapses by itself and the station is asked again: a stop twice is one.
      this.log.warn({ err, sessionId: flight.sessionId }, 'what came of a stop was not recorded');
    }
  }

  private async outcomeOf(
    { tenant, sessionId, lease }: DueStop,
    { stationId, transactionRef }: { readonly stationId: string; readonly transactionRef: string },
  ): Promise<StopOutcome> {
    try {
      const answer = await this.commands.send(
        ocppGateway.SendRequest.fromPartial({
          stationId,
          idempotencyKey: `money:${sessionId}:${lease}`,
          timeoutSeconds: TIMEOUT_SECONDS,
          requestedBy: 'billing',
          requestStop: { transactionRef },
        }),
        { tenant: tenantId(tenant), deadlineMs: (TIMEOUT_SECONDS + 2) * 1000, idempotent: true },
      );
      return OUTCOMES[answer.outcome] ?? 'unknown';
    } catch (thrown) {
      const { kind, code } = toAppError(thrown);
      this.log.warn({ sessionId, stationId, kind, code }, 'a session could not be stopped');
      return 'unknown';
    }
  }
}
