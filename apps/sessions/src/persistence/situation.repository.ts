import { Injectable } from '@nestjs/common';
import { isUuid, notFound } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { isProtocol16 } from '../domain/charging-state.js';
import type { StartPoint } from '../domain/evse-exclusivity.js';
import { STATUS_LEAD_MS, type Session } from '../domain/session.js';
import type { RemoteStart } from '../domain/remote-start.js';
import { statusMark, type StateMark } from '../domain/state-periods.js';
import type { Situation } from '../domain/transaction.js';
import type { TransactionMessage } from '../domain/transaction-message.js';
import { orphanOf, type OrphanJson } from './orphan-row.js';
import { sessionOf, type Json, type SessionRow } from './session-row.js';
import {
  CONTEXT_COLUMNS,
  CONTEXT_FROM,
  contextOf,
  type StationContext,
  type StationContextRow,
} from './station-context.js';

export interface LoadedSituation {
  readonly station: StationContext;
  readonly situation: Situation;
  readonly takenRefs: ReadonlySet<string>;
}

export interface StatusSituation {
  readonly station: StationContext;
  /** Sessions of the EVSE that the time may belong to, newest first. */
  readonly sessions: readonly Session[];
}

/** What is known about a token before auth is asked. */
export interface TokenStanding {
  readonly known: Session | undefined;
  /** Sessions of the same token open on other EVSEs. */
  readonly openElsewhere: readonly string[];
}

interface SituationRow extends StationContextRow {
  readonly known: SessionRow | null;
  readonly unended: readonly SessionRow[] | null;
  readonly next: { started_at: string; start_key: string } | null;
  readonly orphans: readonly OrphanJson[] | null;
  readonly statuses: readonly { at: string; status: string }[] | null;
  readonly remote_starts: readonly Json<RemoteStart>[] | null;
  readonly taken: readonly string[] | null;
}

const OF_STATION = 's.tenant = $1 AND s.station_id = $2';
const UNENDED = `(SELECT jsonb_agg(to_jsonb(s)) FROM session s WHERE ${OF_STATION}
  AND (s.ended_at IS NULL OR s.end_inferred) AND (s.ended_at IS NULL OR s.ended_at > $3)) AS unended`;
const REMOTE_STARTS = `(SELECT jsonb_agg(jsonb_build_object('id', r.id, 'remoteStartId', r.remote_start_id,
  'tokenHash', r.token_hash, 'evseNumber', r.evse_number, 'quoteId', r.quote_id, 'expiresAt', r.expires_at)
  ORDER BY r.requested_at) FROM remote_start r WHERE r.tenant = $1 AND r.station_id = $2
  AND r.consumed_by IS NULL AND r.expires_at >= $7) AS remote_starts`;
const ORPHANS = `(SELECT jsonb_agg(jsonb_build_object('id', o.id, 'message', o.message)) FROM orphan_message o
  WHERE o.tenant = $1 AND o.station_id = $2 AND o.transaction_ref = $4 AND o.adopted_by IS NULL
  AND o.reason = 'UNKNOWN_TRANSACTION') AS orphans`;
const NEXT = `(SELECT jsonb_build_object('started_at', s.started_at, 'start_key', s.start_key) FROM session s
  WHERE ${OF_STATION} AND s.evse_number = $6 AND (s.started_at, s.start_key COLLATE "C") > ($3, $5)
  ORDER BY s.started_at, s.start_key COLLATE "C" LIMIT 1) AS next`;
const STATUSES = `(SELECT jsonb_agg(jsonb_build_object('at', h.at, 'status', h.status)) FROM connector_status h
  WHERE h.tenant = $1 AND h.station_id = $2 AND h.evse_number = $6 AND h.at >= $8) AS statuses`;
const TAKEN = `(SELECT jsonb_agg(s.transaction_ref) FROM session s WHERE ${OF_STATION}
  AND s.transaction_ref = ANY ($9)) AS taken`;

/** Loads what the domain decides on; everything in one statement each. */
@Injectable()
export class SituationRepository {
  /** One message of a station at a time: later statements of the transaction see what the one before committed. */
  async lockStation(tx: Tx, tenant: string, stationId: string): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7))', [`${tenant}/${stationId}`]);
  }

  async forToken(
    tx: Tx,
    tenant: string,
    message: TransactionMessage,
    place: { stationId: string; startKey: string },
  ): Promise<TokenStanding> {
    requireStationId(place.stationId);
    const [row] = await tx.query<{ known: SessionRow | null; open_elsewhere: string[] | null }>(
      `SELECT (SELECT to_jsonb(s) FROM session s WHERE ${OF_STATION} AND s.${knownBy(message)} = $3) AS known,
         (SELECT jsonb_agg(s.id) FROM session s WHERE s.tenant = $1 AND s.token_hash = $4 AND s.ended_at IS NULL
           AND NOT (s.station_id = $2 AND s.evse_number = $5)) AS open_elsewhere
       FROM station st WHERE st.tenant = $1 AND st.id = $2`,
      [
        tenant,
        place.stationId,
        message.transactionRef || place.startKey,
        message.token?.tokenHash ?? '',
        message.evseNumber,
      ],
    );
    if (!row) throw stationUnknown(place.stationId);
    const known = row.known ? sessionOf(row.known) : undefined;
    const openElsewhere = (row.open_elsewhere ?? []).filter((id) => id !== known?.sessionId);
    return { known, openElsewhere };
  }

  async forTransaction(
    tx: Tx,
    tenant: string,
    message: TransactionMessage,
    place: { stationId: string; startKey: string; refCandidates: readonly string[] },
  ): Promise<LoadedSituation> {
    const started = message.kind === 'STARTED';
    const is16 = isProtocol16(message.protocol);
    const columns = [
      CONTEXT_COLUMNS,
      `(SELECT to_jsonb(s) FROM session s WHERE ${OF_STATION} AND s.${knownBy(message)} = $${message.transactionRef ? 4 : 5}) AS known`,
      UNENDED,
      ORPHANS,
      REMOTE_STARTS,
      NEXT,
      ...(started && is16 ? [STATUSES, TAKEN] : []),
    ];
    const params: unknown[] = [
      tenant,
      place.stationId,
      message.at,
      message.transactionRef,
      place.startKey,
      message.evseNumber,
      message.receivedAt,
    ];
    if (started && is16) params.push(new Date(message.at.getTime() - STATUS_LEAD_MS), place.refCandidates);
    const [row] = await tx.query<SituationRow>(`SELECT ${columns.join(',\n')} ${CONTEXT_FROM}`, params);
    if (!row) throw stationUnknown(place.stationId);
    const station = contextOf(row);
    return {
      station,
      takenRefs: new Set(row.taken ?? []),
      situation: {
        stationId: place.stationId,
        evseCount: station.evseCount,
        known: row.known ? sessionOf(row.known) : undefined,
        unended: (row.unended ?? []).map(sessionOf),
        nextOnEvse: row.next ? startPointOf(row.next) : undefined,
        orphans: (row.orphans ?? []).map(orphanOf),
        statusMarks: (row.statuses ?? []).flatMap(statusMarkOf),
        remoteStarts: (row.remote_starts ?? []).map((r) => ({ ...r, expiresAt: new Date(r.expiresAt) })),
      },
    };
  }

  async forStatus(
    tx: Tx,
    tenant: string,
    stationId: string,
    evseNumber: number,
    at: Date,
  ): Promise<StatusSituation> {
    const [row] = await tx.query<StationContextRow & { sessions: readonly SessionRow[] | null }>(
      `SELECT ${CONTEXT_COLUMNS},
         (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.started_at DESC) FROM session s
           WHERE ${OF_STATION} AND s.evse_number = $3 AND (s.ended_at IS NULL OR s.ended_at >= $4)
             AND (s.ended_at IS NULL OR s.started_at <= $5)) AS sessions
       ${CONTEXT_FROM}`,
      [tenant, stationId, evseNumber, at, new Date(at.getTime() + STATUS_LEAD_MS)],
    );
    if (!row) throw stationUnknown(stationId);
    return { station: contextOf(row), sessions: (row.sessions ?? []).map(sessionOf) };
  }
}

/** An id from outside that cannot be one of ours never reaches a uuid column. */
export function requireStationId(stationId: string): void {
  if (!isUuid(stationId)) throw stationUnknown(stationId);
}

export function stationUnknown(stationId: string) {
  return notFound('SESSIONS_STATION_UNKNOWN', 'There is no such station.', { stationId });
}

function knownBy(message: TransactionMessage): string {
  return message.transactionRef ? 'transaction_ref' : 'start_key';
}

function startPointOf(next: { started_at: string; start_key: string }): StartPoint {
  return { startedAt: new Date(next.started_at), startKey: next.start_key };
}

function statusMarkOf({ at, status }: { at: string; status: string }): StateMark[] {
  const mark = statusMark(status, new Date(at));
  return mark ? [mark] : [];
}
