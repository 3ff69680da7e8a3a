import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { ocppGateway } from '@kilowatch/contracts';
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
import { afterAttempt, type AttemptResult } from '../domain/bulk-command.js';
import { COMMANDS, type CommandClient } from '../peers.js';
import { BulkCommandRepository, type DueTarget } from '../persistence/bulk-command.repository.js';
import { announceListOverwritten } from './announce-list-overwritten.js';
import { BulkPayload } from './bulk-payload.js';
import { outcomeOf } from './run-command.js';

/** Chargers that are spoken to at the same time, over all bulk commands of this process. */
const MOST_IN_FLIGHT = 20;
const TIMEOUT_SECONDS = 30;
/** Longer than an attempt can take; after it the attempt is made again under the same key, which sends nothing twice. */
const LEASE_MS = 60_000;

interface Attempted {
  readonly result: AttemptResult;
  readonly status: string;
  readonly errorCode: string;
}

/**
 * Carries bulk commands out, a bounded number of chargers at a time. The attempt is leased in one short transaction, the charger is
 * asked after its commit, the outcome is a transaction of its own: no lock waits for a charger.
 */
@Injectable()
export class RunBulkCommands implements DueWorkDefinition<DueTarget>, BeforeApplicationShutdown {
  readonly name = 'run-bulk-commands';
  readonly intervalMs = 500;
  readonly limit = MOST_IN_FLIGHT;
  private readonly inFlight = new UnderWay();

  constructor(
    private readonly database: Database,
    private readonly bulk: BulkCommandRepository,
    private readonly payloads: BulkPayload,
    @Inject(COMMANDS) private readonly gateway: CommandClient,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<DueTarget[]> {
    return this.inFlight.atMost(MOST_IN_FLIGHT, limit, (room) => this.bulk.takeDue(tx, now, room));
  }

  async run(tx: Tx, target: DueTarget, now: Date): Promise<void> {
    await this.bulk.lease(tx, target, new Date(now.getTime() + LEASE_MS));
    tx.afterCommit(() => this.launch({ ...target, attempts: target.attempts + 1 }));
  }

  /** Waits for the chargers that were asked: their answers are still written. */
  beforeApplicationShutdown(): Promise<void> {
    return this.inFlight.idle();
  }

  private launch(target: DueTarget): void {
    const { bulkId, stationId } = target;
    const sending = this.send(target).catch((err: unknown) =>
      this.log.error({ err, bulkId, stationId }, 'outcome of a bulk command not written'),
    );
    void this.inFlight.add(sending);
  }

  private async send(target: DueTarget): Promise<void> {
    const { result, status, errorCode } = await this.attempt(target);
    const move = afterAttempt(result, target.attempts);
    await this.database.transaction(tenantScope(target.tenant), async (tx) => {
      const now = this.clock.now();
      if (move.outcome === undefined) {
        await this.bulk.again(tx, target, new Date(now.getTime() + move.againInMs));
        return;
      }
      await this.bulk.finish(tx, target, { outcome: move.outcome, status, errorCode }, now);
      tx.live('bulk', target.bulkId);
      const { bulkId: commandId, stationId, action } = target;
      announceListOverwritten(tx, { commandId, stationId, action, outcome: move.outcome }, now);
    });
  }

  private async attempt(target: DueTarget): Promise<Attempted> {
    const payload = this.payloads.sent(target.payload, target.bulkId);
    if (payload === null)
      return {
        result: { kind: 'answered', outcome: 'REJECTED' },
        status: '',
        errorCode: 'BULK_PAYLOAD_SEALED',
      };
    const request = ocppGateway.SendRequest.fromPartial({
      stationId: target.stationId,
      idempotencyKey: `bulk/${target.bulkId}/${target.stationId}`,
      timeoutSeconds: TIMEOUT_SECONDS,
      requestedBy: target.requestedBy,
      raw: { action: target.action, payloadJson: JSON.stringify(payload) },
    });
    const tenant = tenantId(target.tenant);
    try {
      const deadlineMs = (TIMEOUT_SECONDS + 5) * 1_000;
      const answer = await this.gateway.send(request, { tenant, deadlineMs, idempotent: true });
      const result = { kind: 'answered', outcome: outcomeOf(answer) } as const;
      return { result, status: answer.status, errorCode: answer.errorCode };
    } catch (thrown) {
      const { kind, code } = toAppError(thrown);
      // What no version of this station can be sent was never sent.
      if (kind === 'INVALID')
        return { result: { kind: 'answered', outcome: 'REJECTED' }, status: '', errorCode: code };
      return { result: { kind: 'unreachable' }, status: '', errorCode: code };
    }
  }
}
