/** Messages with sensible defaults; tests name only what matters to them. */
import type { Connector } from '../src/domain/connector.js';
import { decideTransaction, type Outcome } from '../src/domain/transaction.js';
import type { Orphan } from '../src/domain/orphan.js';
import type { RemoteStart } from '../src/domain/remote-start.js';
import { applyMark, concernsSession, STATUS_LEAD_MS, type Session } from '../src/domain/session.js';
import type { StateMark } from '../src/domain/state-periods.js';
import { startKeysOf, type TokenClaim, type TransactionMessage } from '../src/domain/transaction-message.js';
import { isUsableRef } from '../src/domain/transaction-ref.js';

export const NOON = new Date('2026-11-20T12:00:00.000Z');

export function minutes(after: number): Date {
  return new Date(NOON.getTime() + after * 60_000);
}

export function aToken(hash: string, accepted = true): TokenClaim {
  return {
    tokenHash: hash,
    tokenType: 'ISO14443',
    decision: {
      status: accepted ? 1 : 2,
      accepted,
      tokenId: `token-${hash}`,
      tokenMasked: `****${hash}`,
      accountId: `account-${hash}`,
      groupId: '',
    },
  };
}

export function aMessage(parts: Partial<TransactionMessage> = {}): TransactionMessage {
  const at = parts.at ?? NOON;
  return {
    kind: 'STARTED',
    protocol: 'ocpp2.0.1',
    transactionRef: 'tx-1',
    evseNumber: 1,
    connectorNumber: 1,
    at,
    deviceTime: at,
    receivedAt: at,
    trigger: '',
    offline: false,
    stoppedReason: '',
    ...parts,
  };
}

export function aRemoteStart(parts: Partial<RemoteStart> = {}): RemoteStart {
  return {
    id: 'remote-1',
    remoteStartId: 77,
    tokenHash: 'app',
    evseNumber: 1,
    quoteId: 'quote-1',
    requestedAt: NOON,
    expiresAt: minutes(2),
    ...parts,
  };
}

export function aConnector(parts: Partial<Connector> = {}): Connector {
  return {
    connectorId: 'connector-1',
    evseNumber: 1,
    number: 1,
    reported: 'UNKNOWN',
    status: 'UNKNOWN',
    sessionEnded: false,
    errorCode: '',
    vendorErrorCode: '',
    info: '',
    version: 0,
    ...parts,
  };
}

/** One station in memory: what the use case does around the domain, without a database. */
export class StationBook {
  readonly sessions = new Map<string, Session>();
  readonly orphans: Orphan[] = [];
  readonly statuses: StateMark[] = [];
  private counter = 0;

  constructor(
    private readonly evseCount = 1,
    private readonly remoteStarts: readonly RemoteStart[] = [],
  ) {}

  record(message: TransactionMessage): Outcome {
    const { startKey, timelessKey } = startKeysOf(message);
    const all = [...this.sessions.values()];
    const known = all.filter((session) =>
      message.transactionRef
        ? session.transactionRef === message.transactionRef
        : session.startKey === startKey,
    );
    const timeless = all
      .filter(
        (session) => timelessKey !== undefined && session.startKey.startsWith(timelessKey) && !session.end,
      )
      .slice(0, 1);
    const outcome = decideTransaction(
      message,
      {
        stationId: 'station-1',
        evseCount: this.evseCount,
        known: known.length > 0 ? known : timeless,
        unended: all.filter((session) => !session.end || session.end.inferred),
        endedThen: all.filter((session) => session.end?.at.getTime() === message.at.getTime()),
        nextOnEvse: all
          .filter((session) => session.evseNumber === message.evseNumber && session.startedAt > message.at)
          .sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime())[0],
        orphans: this.orphans.filter(
          (orphan) => message.transactionRef && orphan.message.transactionRef === message.transactionRef,
        ),
        idlessStops:
          message.kind === 'STARTED' && message.transactionRef === ''
            ? this.orphans.filter((orphan) => !isUsableRef(orphan.message.transactionRef))
            : [],
        statusMarks: this.statuses.filter(
          (mark) => mark.at.getTime() >= message.at.getTime() - STATUS_LEAD_MS,
        ),
        remoteStarts: this.remoteStarts,
      },
      {
        sessionId: `session-${++this.counter}`,
        transactionRef: () => String(1000 + this.counter),
        startKey,
      },
    );
    this.keep(message, outcome);
    return outcome;
  }

  status(mark: StateMark): void {
    this.statuses.push(mark);
    for (const session of this.sessions.values()) {
      if (concernsSession(session, mark.at)) this.sessions.set(session.sessionId, applyMark(session, mark));
    }
  }

  private keep(message: TransactionMessage, outcome: Outcome): void {
    if (outcome.kind === 'orphan') {
      this.orphans.push({ id: `orphan-${++this.counter}`, message });
      return;
    }
    this.sessions.set(outcome.session.sessionId, outcome.session);
    for (const { after } of outcome.superseded) this.sessions.set(after.sessionId, after);
    for (const orphan of outcome.adopted) this.orphans.splice(this.orphans.indexOf(orphan), 1);
  }
}
