import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { allAtOnce, CLOCK, counter, type Tx } from '@kilowatch/platform';
import { afterTransaction, findConnector } from '../domain/connector.js';
import type { Session } from '../domain/session.js';
import type { Outcome } from '../domain/transaction.js';
import type { TransactionMessage } from '../domain/transaction-message.js';
import { SessionRepository } from '../persistence/session.repository.js';
import type { StationContext } from '../persistence/station-context.js';
import { WriteStatement } from '../persistence/statement.js';
import { announceConnector } from './announce-connector.js';
import { announceAdopted } from './announce-orphan.js';
import { announceSession, withNextVersion } from './announce-session.js';
import { placeOf } from './session-snapshot.js';
import { UseReservation } from './use-reservation.js';

/** Writes one message's outcome: sessions, connector, adopted orphans and the consumed remote start in one statement. */
@Injectable()
export class SaveTransaction {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly reservations: UseReservation,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async save(
    tx: Tx,
    tenant: string,
    message: TransactionMessage,
    station: StationContext,
    outcome: Extract<Outcome, { kind: 'session' }>,
  ): Promise<void> {
    const { before } = outcome;
    const now = this.clock.now();
    const write = new WriteStatement();
    const changes: { before: Session | undefined; after: Session }[] = [
      ...outcome.superseded.map(({ before: old, after }) => ({
        before: old,
        after: withNextVersion(old, after),
      })),
      { before, after: withNextVersion(before, outcome.session) },
    ];
    const placed = changes.map(({ after }) => ({ session: after, place: placeOf(after, station) }));
    this.sessions.saveSessions(write, tenant, placed, now);
    this.sessions.adoptOrphans(write, tenant, outcome.adopted, outcome.session.sessionId);
    const remoteStart = outcome.session.payer?.remoteStartRef;
    if (remoteStart && remoteStart !== before?.payer?.remoteStartRef) {
      this.sessions.consumeRemoteStart(write, tenant, remoteStart, outcome.session.sessionId);
    }
    // Over before this message: another session may be on the connector now.
    if (!outcome.session.end || (before && !before.end)) {
      this.showOnConnector(tx, write, tenant, message, station, outcome.session, now);
    }
    this.sessions.touchStation(write, tenant, station, now);
    await allAtOnce([
      write.run(tx, tenant, station.stationId),
      this.reservations.run(tx, tenant, message, before, outcome.session),
    ]);
    const saved = changes.at(-1)!.after;
    for (const orphan of outcome.adopted) announceAdopted(tx, orphan, saved, now);
    for (const change of changes) {
      announceSession(tx, change.before, change.after, station);
      count(tx, change.before, change.after);
    }
  }

  private showOnConnector(
    tx: Tx,
    write: WriteStatement,
    tenant: string,
    message: TransactionMessage,
    station: StationContext,
    session: Session,
    now: Date,
  ): void {
    const connector = findConnector(station.connectors, session.evseNumber, session.connectorNumber);
    if (!connector) return;
    const next = afterTransaction(connector, message, session);
    if (next === connector) return;
    this.sessions.saveConnector(write, tenant, next, now);
    announceConnector(tx, connector, next, station);
  }
}

function count(tx: Tx, before: Session | undefined, after: Session): void {
  tx.afterCommit(() => {
    if (!before) counter('kw_sessions_total').inc({ outcome: 'started' });
    if (after.end && !before?.end) counter('kw_sessions_total').inc({ outcome: 'ended' });
  });
}
