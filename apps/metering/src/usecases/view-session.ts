import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, mayOn, tenantScope, type Principal } from '@kilowatch/platform';
import { onOurClock } from '../domain/device-clock.js';
import { ownReadings } from '../domain/next-begin.js';
import { minutesSuffice, powerCurve, type CurvePoint, type PowerPoint } from '../domain/power-curve.js';
import type { TimedReading } from '../domain/reading.js';
import { sessionEnergy, type EnergySource } from '../domain/session-energy.js';
import { findSessions, type ClosedSession } from '../persistence/metered-session.repository.js';
import { liveReadingsOf, readingsOf } from '../persistence/reading.repository.js';
import { curveOf } from '../persistence/session-curve.repository.js';

/** What the meter says of a session now, or said when it was closed. */
export interface SessionMeter {
  readonly session: ClosedSession;
  readonly energyMwh: number | undefined;
  readonly source: EnergySource | undefined;
  readonly exportMwh: number | undefined;
  readonly status: 'RUNNING' | 'MEASURED' | 'ESTIMATED' | 'DISPUTED';
  readonly livePowerW: number | undefined;
  readonly socPercent: number | undefined;
  readonly lastReadingAt: Date | undefined;
  readonly beginMwh: number | undefined;
  readonly endMwh: number | undefined;
  readonly deviations: readonly string[];
  /** The first and the last of them, in time order. */
  readonly readings: readonly TimedReading[];
}

/** A reading that came longer ago than this says nothing about the power drawn now. By our clock: chargers' clocks are off. */
export const STALE_MS = 10 * 60_000;

/** Reads for people: each session only for its driver or an operator of its tenant. */
@Injectable()
export class ViewSession {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The sessions of `ids` that the person may see; the others are missing from the map. */
  async meters(principal: Principal, ids: readonly string[]): Promise<Map<string, SessionMeter>> {
    return this.database.read(tenantScope(principal.tenant), async (tx) => {
      const visible = (await findSessions(tx, principal.tenant, ids)).filter((session) =>
        mayOn(principal, 'sessions:read', session),
      );
      const meters = visible.map(async (session) => {
        const readings = await liveReadingsOf(tx, principal.tenant, session);
        return [session.sessionId, this.meter(session, readings)] as const;
      });
      return new Map(await Promise.all(meters));
    });
  }

  /** From the readings, or from what was drawn of them when that is fine enough: it is kept for longer, and quicker to read. */
  async curve(
    principal: Principal,
    session: ClosedSession,
    resolutionSeconds: number,
    maxPoints: number,
  ): Promise<PowerPoint[]> {
    const { tenant } = principal;
    const points = await this.database.read(tenantScope(tenant), async (tx) => {
      const span = ((session.endedAt ?? session.startedAt).getTime() - session.startedAt.getTime()) / 1000;
      if (session.hasCurve && minutesSuffice(span, resolutionSeconds, maxPoints))
        return curveOf(tx, tenant, session);
      const readings = await readingsOf(tx, tenant, session);
      return readings.length === 0 && session.hasCurve ? curveOf(tx, tenant, session) : readings;
    });
    return powerCurve(onOurClock<CurvePoint>(points, session), resolutionSeconds, maxPoints);
  }

  private meter(session: ClosedSession, readings: readonly TimedReading[]): SessionMeter {
    const [last] = onOurClock(readings.slice(-1), session);
    const lastWith = <K extends 'powerW' | 'socPercent'>(key: K) =>
      readings.findLast((reading) => reading[key] !== undefined)?.[key];
    const running = session.closedAt === undefined;
    const soFar = running
      ? sessionEnergy(ownReadings(readings, session).readings, { ...session, maxPowerW: 0 })
      : undefined;
    const receivedAt = last?.receivedAt ?? last?.at;
    const fresh = receivedAt !== undefined && this.clock.now().getTime() - receivedAt.getTime() < STALE_MS;
    return {
      session,
      energyMwh: soFar ? (readings.length > 0 ? soFar.energyMwh : undefined) : session.energyMwh,
      source: session.source ?? soFar?.source,
      exportMwh: session.exportMwh ?? soFar?.exportMwh,
      status: session.verdict ?? 'RUNNING',
      livePowerW: session.status === 'ACTIVE' && fresh ? lastWith('powerW') : undefined,
      socPercent: lastWith('socPercent'),
      lastReadingAt: last?.at,
      readings,
      beginMwh: session.beginRegisterMwh ?? soFar?.beginMwh,
      endMwh: session.endRegisterMwh ?? (running ? undefined : soFar?.endMwh),
      deviations: running ? (soFar?.deviations ?? []) : session.deviations,
    };
  }
}
