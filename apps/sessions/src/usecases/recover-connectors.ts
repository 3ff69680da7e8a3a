import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { tenantId, toAppError, type Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  counter,
  Database,
  LOGGER,
  tenantScope,
  UnderWay,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import { PATIENCE_MS, type RecoveryStep } from '../domain/connector-trouble.js';
import type { CommandOutcome } from '../domain/command-outcome.js';
import { recoveryMove, type RecoveryAttempt, type RecoveryState } from '../domain/recovery.js';
import {
  RecoveryRepository,
  triesOf,
  type PlacedConnector,
  type RecoveryRow,
} from '../persistence/recovery.repository.js';
import { ownPrincipal } from './operated-station.js';
import { RunCommand, type CommandBody } from './run-command.js';
import { StationPlace } from './station-place.js';

/** Few at a time: what helps one connector must not restart a fleet at once. */
const MOST_IN_FLIGHT = 4;
/** Longer than both commands of a step may take. */
const LEASE_MS = 2 * 60_000;
const PUT_OFF_MS = 10 * 60_000;

/**
 * Carries out the steps of a recovery, each through the command port and with its audit row (requested by `sessions`). The step is on
 * record before its command leaves; what came of it is a transaction of its own.
 */
@Injectable()
export class RecoverConnectors implements DueWorkDefinition<RecoveryRow>, BeforeApplicationShutdown {
  readonly name = 'recover-connectors';
  readonly intervalMs = 5_000;
  readonly limit = MOST_IN_FLIGHT;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    private readonly recoveries: RecoveryRepository,
    private readonly commands: RunCommand,
    private readonly place: StationPlace,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<RecoveryRow[]> {
    return this.underWay.atMost(MOST_IN_FLIGHT, limit, (room) => this.recoveries.takeDue(tx, now, room));
  }

  async run(tx: Tx, row: RecoveryRow, now: Date): Promise<void> {
    const tries = triesOf(row);
    const connector = await this.recoveries.connector(tx, row.tenant, row.connector_id, now);
    if (!connector) return this.end(tx, row, 'DROPPED', tries, now);
    const move = recoveryMove({ ...row, tries }, connector, now);
    if (move.kind === 'END') return this.end(tx, row, move.state, tries, now);
    if (move.kind === 'WAIT') {
      const { state } = move;
      const dueAt = new Date(now.getTime() + move.ms);
      await this.recoveries.save(tx, row, { state, tries, dueAt, endedAt: null });
      if (state !== row.state) await this.callAPerson(tx, row, connector, tries);
      return;
    }
    const bringBack = move.kind === 'BRING_BACK';
    const attempts = bringBack ? tries : [...tries, { step: move.step, at: now }];
    const dueAt = new Date(now.getTime() + LEASE_MS);
    await this.recoveries.save(tx, row, { state: 'TRYING', tries: attempts, dueAt, endedAt: null });
    const leased = { ...row, lease: String(Number(row.lease) + 1) };
    const step = bringBack ? 'BRING_BACK' : move.step;
    tx.afterCommit(() => this.underWay.add(this.carryOut(leased, connector, attempts, step)));
  }

  failed(tx: Tx, row: RecoveryRow, _error: unknown, now: Date): Promise<void> {
    return this.recoveries.postpone(tx, row, new Date(now.getTime() + PUT_OFF_MS));
  }

  /** Waits for the calls that are out: their outcomes are still recorded. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.underWay.idle();
  }

  private async end(
    tx: Tx,
    row: RecoveryRow,
    state: RecoveryState,
    tries: readonly RecoveryAttempt[],
    now: Date,
  ): Promise<void> {
    await this.recoveries.save(tx, row, { state, tries, dueAt: null, endedAt: now });
    tx.live('station', row.station_id);
    tx.afterCommit(() => counter('kw_connector_recoveries_total').inc({ outcome: state.toLowerCase() }));
  }

  /** Once per recovery: it never leaves this state for one in which it is tried again. */
  private async callAPerson(
    tx: Tx,
    row: RecoveryRow,
    { evseNumber, number: connectorNumber }: PlacedConnector,
    tries: readonly RecoveryAttempt[],
  ): Promise<void> {
    const { tenant, station_id: stationId, connector_id: connectorId, trouble } = row;
    tx.publish(events.connectorNeedsPerson, {
      tenant,
      aggregateId: row.id,
      aggregateVersion: Number(row.lease) + 1,
      occurredAt: this.clock.now(),
      payload: {
        recoveryId: row.id,
        stationId,
        ...(await this.place.of(tx, tenant, stationId)),
        connectorId,
        evseNumber,
        connectorNumber,
        trouble,
        foundAt: row.found_at,
        tried: tries.map(({ step }) => step),
      },
    });
    tx.live('station', stationId);
    tx.afterCommit(() => {
      this.log.warn({ tenant, stationId, connectorId, trouble }, 'a connector needs a person');
      counter('kw_connector_recoveries_total').inc({ outcome: 'person' });
    });
  }

  private async carryOut(
    row: RecoveryRow,
    connector: PlacedConnector,
    tries: readonly RecoveryAttempt[],
    step: RecoveryStep | 'BRING_BACK',
  ): Promise<void> {
    const last = tries.at(-1)!;
    const outcome = await this.perform(row, connector, step, last.at);
    // Not back in service yet: the step stays open, and is finished first when the lease lapses.
    if (outcome === undefined) return;
    const done = [...tries.slice(0, -1), { ...last, outcome }];
    const dueAt = new Date(this.clock.now().getTime() + PATIENCE_MS);
    await this.database.transaction(tenantScope(tenantId(row.tenant)), async (tx) => {
      await this.recoveries.save(tx, row, { state: 'TRYING', tries: done, dueAt, endedAt: null });
      tx.live('station', row.station_id);
    });
  }

  /** What the station said to the step; undefined: it may have been left out of service. */
  private async perform(
    row: RecoveryRow,
    { evseNumber, number: connectorNumber }: PlacedConnector,
    step: RecoveryStep | 'BRING_BACK',
    at: Date,
  ): Promise<CommandOutcome | undefined> {
    const place = { evseNumber, connectorNumber };
    const send = (action: string, body: CommandBody, part: string) =>
      this.send(row, action, body, `recovery:${row.id}:${at.getTime()}:${part}`);
    switch (step) {
      case 'TRIGGER_STATUS': {
        const triggerMessage = { requestedMessage: 'StatusNotification', ...place };
        return send('TriggerMessage', { triggerMessage }, 'ask');
      }
      case 'UNLOCK':
        return send('UnlockConnector', { unlockConnector: place }, 'unlock');
      case 'AVAILABILITY_CYCLE': {
        const out = await send(
          'ChangeAvailability',
          { changeAvailability: { operative: false, ...place } },
          'out',
        );
        // It said no, or was not there: nothing was changed.
        if (out === 'REJECTED' || out === 'CHARGER_ERROR' || out === 'OFFLINE') return out;
        return this.back(send, place, `back.${row.lease}`);
      }
      case 'BRING_BACK':
        return this.back(send, place, `back.${row.lease}`);
    }
  }

  private async back(
    send: (action: string, body: CommandBody, part: string) => Promise<CommandOutcome>,
    place: { evseNumber: number; connectorNumber: number },
    part: string,
  ): Promise<CommandOutcome | undefined> {
    const changeAvailability = { operative: true, ...place };
    const outcome = await send('ChangeAvailability', { changeAvailability }, part);
    return outcome === 'OFFLINE' || outcome === 'UNKNOWN' ? undefined : outcome;
  }

  private async send(
    { tenant, station_id: stationId }: RecoveryRow,
    action: string,
    body: CommandBody,
    idempotencyKey: string,
  ): Promise<CommandOutcome> {
    try {
      const command = () => body;
      const plan = { stationId, action, args: body, idempotencyKey, command };
      return (await this.commands.run(ownPrincipal(tenantId(tenant)), plan)).outcome;
    } catch (thrown) {
      const { kind, code } = toAppError(thrown);
      this.log.warn({ stationId, action, kind, code }, 'a step of a recovery could not be sent');
      return kind === 'INVALID' ? 'REJECTED' : 'UNKNOWN';
    }
  }
}
