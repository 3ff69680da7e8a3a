import { Inject, Injectable } from '@nestjs/common';
import { events, ocppGateway } from '@kilowatch/contracts';
import { tenantId, toAppError, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, LOGGER, tenantScope, type Logger, type Tx } from '@kilowatch/platform';
import { periodDa, wattsSchedule, type ChargingSchedule } from '../domain/charging-schedule.js';
import { settled, type Flight, type Outcome } from '../domain/session-limit.js';
import type { Steering } from '../domain/steering.js';
import type { ManagedSession } from '../persistence/managed-session.repository.js';
import { COMMANDS, type CommandClient } from '../peers.js';
import { SteerSite, type Departure } from './steer-site.js';
import { callDeadlineMs, chargerTimeoutSeconds, STEERING } from './steering-settings.js';

const OUTCOMES: Readonly<Partial<Record<ocppGateway.CommandOutcome, Outcome>>> = {
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_ACCEPTED]: 'ACCEPTED',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_REJECTED]: 'REFUSED',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR]: 'REFUSED',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_OFFLINE]: 'OFFLINE',
};
/** One transaction per EVSE, so one profile per EVSE: a new limit replaces the last. */
const FIRST_PROFILE_ID = 7_000;
const STACK_LEVEL = 0;

/** Carries one committed flight to its charger through the gateway and records what came of it. */
@Injectable()
export class SendLimit {
  constructor(
    private readonly database: Database,
    private readonly steer: SteerSite,
    @Inject(COMMANDS) private readonly commands: CommandClient,
    @Inject(STEERING) private readonly steering: Steering,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async run(departure: Departure): Promise<void> {
    const { session } = departure;
    const outcome = await this.outcomeOf(departure);
    // The gateway was not reached: the flight stays and lapses, then the same command goes out again under its key.
    if (outcome === undefined) return;
    await this.database.transaction(tenantScope(session.tenant), (tx) => this.record(tx, departure, outcome));
  }

  private async outcomeOf(departure: Departure): Promise<Outcome | undefined> {
    const { session, limit } = departure;
    const request = commandFor(departure, chargerTimeoutSeconds(this.steering));
    try {
      const response = await this.commands.send(request, {
        tenant: tenantId(session.tenant),
        deadlineMs: callDeadlineMs(this.steering),
        idempotent: true,
      });
      return OUTCOMES[response.outcome] ?? 'UNKNOWN';
    } catch (thrown) {
      const { kind, code } = toAppError(thrown);
      this.log.warn(
        { sessionId: session.sessionId, version: limit.version, kind, code },
        'limit could not be sent',
      );
      if (kind === 'UNAVAILABLE' || kind === 'TIMEOUT') return undefined;
      // The gateway will not carry this: as good as refused by the charger. Whatever else went wrong may have come after the sending.
      return kind === 'INVALID' || kind === 'PRECONDITION' ? 'REFUSED' : 'UNKNOWN';
    }
  }

  private async record(tx: Tx, { session, limit: sent }: Departure, outcome: Outcome): Promise<void> {
    const now = this.clock.now();
    let isNews = false;
    await this.steer.run(tx, session.tenant, session.locationId, {
      change: (limit) => {
        // The version fences off the outcome of a flight that was given up in the meantime.
        if (limit.sessionId !== sent.sessionId || limit.version !== sent.version || !limit.flight)
          return limit;
        const { limitDa, schedule } = limit.flight;
        isNews = outcome === 'ACCEPTED' && (limit.appliedDa !== limitDa || schedule !== undefined);
        return settled(limit, outcome, now);
      },
    });
    if (isNews) announce(tx, { session, limit: sent }, now);
    tx.live('session', session.sessionId);
  }
}

function announce(tx: Tx, { session, limit }: Departure, now: Date): void {
  const { limitDa = null, schedule } = limit.flight ?? {};
  // What explains a car that draws little: of a schedule the lowest.
  const lowestDa = schedule && Math.min(...schedule.periods.map((period) => periodDa(schedule, period)));
  tx.publish(events.sessionLimitChanged, {
    aggregateId: session.sessionId,
    aggregateVersion: limit.version,
    occurredAt: now,
    payload: {
      sessionId: session.sessionId,
      stationId: session.stationId,
      locationId: session.locationId,
      limitMa: (lowestDa ?? limitDa ?? limit.capDa) * 100,
      outcome: limitDa === null ? 'LIFTED' : 'APPLIED',
    },
  });
}

function commandFor({ session, limit }: Departure, timeoutSeconds: number): ocppGateway.SendRequest {
  const { flight } = limit;
  const schedule = flight && (flight.schedule ?? rectifierSchedule(session, flight));
  const profileId = FIRST_PROFILE_ID + session.evseNumber;
  const place = { profileId, evseNumber: session.evseNumber, connectorNumber: session.connectorNumber };
  return ocppGateway.SendRequest.fromPartial({
    stationId: session.stationId,
    idempotencyKey: `limit:${session.sessionId}:${limit.version}`,
    timeoutSeconds,
    requestedBy: 'load-management',
    ...(flight && flight.limitDa !== null
      ? {
          setChargingProfile: {
            ...place,
            stackLevel: STACK_LEVEL,
            purpose: 'TX_PROFILE',
            transactionRef: session.transactionRef,
            limitDeciampere: flight.limitDa,
            numberPhases: session.phases === 1 ? 1 : 3,
            durationSeconds: flight.durationSeconds,
            ...(schedule ? toWire(schedule) : {}),
          },
        }
      : { clearChargingProfile: { ...place, purpose: 'TX_PROFILE' } }),
  });
}

/** A DC connector takes amperes for those of its cable, at twice the volts of the site and more: it is told watts. */
function rectifierSchedule(
  { phases, capDa }: ManagedSession,
  { limitDa }: Flight,
): ChargingSchedule | undefined {
  const isDc = phases === 0 && capDa !== undefined;
  return isDc && limitDa !== null ? wattsSchedule(limitDa) : undefined;
}

/** On DC no phases are named. */
function toWire({ unit, numberPhases, periods }: ChargingSchedule): Partial<ocppGateway.SetChargingProfile> {
  return {
    unit,
    numberPhases: numberPhases ?? 0,
    periods: periods.map(({ fromSeconds, tenths }) => ({ startSeconds: fromSeconds, limitTenths: tenths })),
  };
}
