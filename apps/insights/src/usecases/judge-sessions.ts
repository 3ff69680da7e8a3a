import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { detect } from '../domain/detect.js';
import { sessionOffsetMs } from '../domain/device-clock.js';
import { silenceDueAt } from '../domain/no-readings.js';
import { askForLook, finish, putOff, takeDue, type Judgement } from '../persistence/judgement.repository.js';
import { saveState, tryLockWatch, type Watch } from '../persistence/watch.repository.js';
import { RecordFindings } from './record-findings.js';

const BUSY_MS = 100;
const FAILED_MS = 60_000;

/**
 * Judges a session anew when something beside its readings changed: its state, its end, its connector, its energy. A job
 * of its own, so that the consumers of sessions never wait for those of readings nor the other way round.
 */
@Injectable()
export class JudgeSessions implements DueWorkDefinition<Judgement> {
  readonly name = 'judge-sessions';
  readonly intervalMs = 250;

  constructor(private readonly findings: RecordFindings) {}

  sideBySide({ sessionId }: Judgement): string {
    return sessionId;
  }

  take(tx: Tx, now: Date, limit: number): Promise<Judgement[]> {
    return takeDue(tx, now, limit);
  }

  /** A bug or a broken row: the others go on, this one is looked at again later. */
  failed(tx: Tx, judgement: Judgement, _error: unknown, now: Date): Promise<void> {
    return putOff(tx, judgement.tenant, { judgement, dueAt: new Date(now.getTime() + FAILED_MS) });
  }

  async run(tx: Tx, judgement: Judgement, now: Date): Promise<void> {
    const { tenant, sessionId } = judgement;
    const isTimed = judgement.chargingSince !== undefined;
    const watch = await tryLockWatch(tx, tenant, { sessionId, onlyCharging: isTimed });
    if (watch === 'BUSY') {
      return putOff(tx, tenant, { judgement, dueAt: new Date(now.getTime() + BUSY_MS) });
    }
    await finish(tx, tenant, judgement);
    // Metering may know a session before sessions told us: its news will come and ask again.
    if (watch === undefined || watch === 'OVER' || !watch.session) return;
    const deviceNow = now.getTime() + sessionOffsetMs(watch.session.clockOffsetMs, now.getTime());
    const found = detect(watch.state, isTimed ? { ...watch.around, now: deviceNow } : watch.around);
    if (isTimed) await this.askAgain(tx, judgement, watch, now);
    if (found.length === 0) return;
    await saveState(tx, tenant, watch);
    await this.findings.run(tx, tenant, watch.session, found);
  }

  /** One chain of looks for each stretch of charging: it ends with the stretch. */
  private async askAgain(
    tx: Tx,
    { tenant, sessionId, chargingSince }: Judgement,
    { state, around: { facts }, session }: Watch,
    now: Date,
  ): Promise<void> {
    if (!facts?.active || facts.chargingState !== 'CHARGING' || facts.stateSince !== chargingSince) return;
    const offsetMs = sessionOffsetMs(session?.clockOffsetMs ?? 0, now.getTime());
    const dueAt = silenceDueAt(state, facts.stateSince, now.getTime() + offsetMs) - offsetMs;
    await askForLook(tx, tenant, { sessionId, chargingSince, dueAt: new Date(dueAt) });
  }
}
