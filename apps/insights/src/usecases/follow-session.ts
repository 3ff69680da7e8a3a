import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import { fullTime, type Clock } from '@kilowatch/kernel';
import { CLOCK, type EventMeta, type Tx } from '@kilowatch/platform';
import { lookDueAt } from '../domain/look-due.js';
import { SILENCE_MS } from '../domain/no-readings.js';
import { dayShare, lengthWithin } from '../domain/station-day.js';
import type { SessionFacts } from '../domain/watch.js';
import { askForLook } from '../persistence/judgement.repository.js';
import { saveSession } from '../persistence/session.repository.js';
import { saveShare } from '../persistence/station-day.repository.js';

/** Takes over what sessions says of a session, adds an ended one to its station's day, and has it judged. */
@Injectable()
export class FollowSession {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  async run(tx: Tx, snapshot: sessions.SessionSnapshot, meta: EventMeta): Promise<void> {
    const { tenant, aggregateVersion: version } = meta;
    const { sessionId, stationId, evseNumber, accountId, stationIdentity } = snapshot;
    // As metering names it in readings.
    const transactionRef = snapshot.ownTransactionRef || snapshot.transactionRef;
    const startedAt = snapshot.startedAt ?? meta.occurredAt;
    const session = { sessionId, stationId, transactionRef, evseNumber, accountId, stationIdentity };
    const clockOffsetMs = snapshot.clockOffsetSeconds * 1000;
    const facts = factsOf(snapshot, startedAt);
    const isNews = await saveSession(tx, tenant, { ...session, clockOffsetMs, facts, version });
    if (!isNews) return;
    const now = this.clock.now();
    const follows = [askForLook(tx, tenant, { sessionId, dueAt: lookDueAt(now) })];
    if (!facts.active) {
      const endedAt = snapshot.endedAt ?? meta.occurredAt;
      const share = dayShare(startedAt, endedAt, snapshot.timeZone || 'UTC', snapshot.statePeriods);
      follows.push(saveShare(tx, tenant, { sessionId, stationId, version, ...share }));
    } else if (facts.chargingState === 'CHARGING') {
      const dueAt = new Date(now.getTime() + SILENCE_MS);
      follows.push(askForLook(tx, tenant, { sessionId, chargingSince: facts.stateSince, dueAt }));
    }
    await Promise.all(follows);
  }
}

function factsOf(snapshot: sessions.SessionSnapshot, startedAt: Date): SessionFacts {
  const { statePeriods, endedAt } = snapshot;
  const active = snapshot.status !== 'ENDED';
  const last = statePeriods.at(-1);
  const closed = active ? statePeriods.filter((period) => period.to !== undefined) : statePeriods;
  const until = endedAt ?? last?.to ?? last?.from ?? startedAt;
  return {
    active,
    chargingState: snapshot.chargingState,
    stateSince: (last?.from ?? startedAt).getTime(),
    startedAt: startedAt.getTime(),
    endedAt: endedAt?.getTime(),
    stopReason: snapshot.stopReason,
    chargedMs: closed
      .filter((period) => period.state === 'CHARGING')
      .reduce((sum, period) => sum + lengthWithin(period, startedAt, until), 0),
    endedCharging: !active && last?.state === 'CHARGING',
    nobodys: snapshot.tokenRefused || snapshot.tokenType === '',
    full: fullTime(statePeriods),
  };
}
