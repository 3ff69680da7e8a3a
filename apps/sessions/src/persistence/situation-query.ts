/** The one query behind a transaction message: only the parts its kind needs, because planning costs more than reading. */
import { isProtocol16 } from '../domain/charging-state.js';
import type { RemoteStart } from '../domain/remote-start.js';
import { STATUS_LEAD_MS } from '../domain/session.js';
import { statusMark, type StateMark } from '../domain/state-periods.js';
import type { Situation } from '../domain/transaction.js';
import type { TransactionMessage } from '../domain/transaction-message.js';
import { isUsableRef } from '../domain/transaction-ref.js';
import { orphanOf, type OrphanJson } from './orphan-row.js';
import { sessionOf, type Json, type SessionRow } from './session-row.js';
import {
  CONTEXT_COLUMNS,
  CONTEXT_FROM,
  type StationContext,
  type StationContextRow,
} from './station-context.js';

export interface SituationRow extends StationContextRow {
  readonly known: SessionRow | null;
  readonly unended?: readonly SessionRow[] | null;
  readonly ended_then?: readonly SessionRow[] | null;
  readonly next?: { started_at: string; start_key: string } | null;
  readonly orphans?: readonly OrphanJson[] | null;
  readonly idless_stops?: readonly OrphanJson[] | null;
  readonly statuses?: readonly { at: string; status: string }[] | null;
  readonly remote_starts?: readonly Json<RemoteStart>[] | null;
  readonly taken?: readonly string[] | null;
}

const IDLESS_STOPS = 20;
const OF_STATION = 's.tenant = $1 AND s.station_id = $2';

export function situationQuery(
  tenant: string,
  message: TransactionMessage,
  place: { readonly stationId: string; readonly startKey: string; readonly refCandidates: readonly string[] },
): { sql: string; params: readonly unknown[] } {
  const params: unknown[] = [tenant, place.stationId];
  const p = (value: unknown) => `$${params.push(value)}`;
  const { at, evseNumber, transactionRef: ref } = message;
  const started = message.kind === 'STARTED';
  const started16 = started && isProtocol16(message.protocol);
  // A start, or an update that says for the first time on which EVSE it is.
  const placed =
    evseNumber > 0 && (started || (message.kind === 'UPDATED' && !isProtocol16(message.protocol)));
  const columns = [
    CONTEXT_COLUMNS,
    ref
      ? `(SELECT to_jsonb(s) FROM session s WHERE ${OF_STATION} AND s.transaction_ref = ${p(ref)}) AS known`
      : `(SELECT to_jsonb(s) FROM session s WHERE ${OF_STATION} AND s.start_key = ${p(place.startKey)}) AS known`,
  ];
  if (placed || !isUsableRef(ref)) columns.push(unended(p(at)));
  if (message.kind === 'ENDED' && !isUsableRef(ref)) columns.push(endedThen(p(at)));
  if (placed) columns.push(next(p(evseNumber), p(at), p(place.startKey)));
  // A 2.0.1 start may adopt an update that brought the token.
  if (message.token?.decision || (started && !started16)) columns.push(remoteStarts(p(message.receivedAt)));
  const waitingUnder = started16 ? message.assignedRef : ref;
  if (started && waitingUnder) columns.push(orphans(p(waitingUnder)));
  if (started16) {
    columns.push(statuses(p(evseNumber), p(new Date(at.getTime() - STATUS_LEAD_MS))));
    columns.push(taken(p(place.refCandidates)));
    columns.push(idlessStops(p(at)));
  }
  return { sql: `SELECT ${columns.join(',\n')} ${CONTEXT_FROM}`, params };
}

export function situationOf(row: SituationRow, station: StationContext): Situation {
  return {
    stationId: station.stationId,
    evseCount: station.evseCount,
    known: row.known ? sessionOf(row.known) : undefined,
    unended: (row.unended ?? []).map(sessionOf),
    endedThen: (row.ended_then ?? []).map(sessionOf),
    nextOnEvse: row.next
      ? { startedAt: new Date(row.next.started_at), startKey: row.next.start_key }
      : undefined,
    orphans: (row.orphans ?? []).map(orphanOf),
    idlessStops: (row.idless_stops ?? []).map(orphanOf),
    statusMarks: (row.statuses ?? []).flatMap(markOf),
    remoteStarts: (row.remote_starts ?? []).map((r) => ({ ...r, expiresAt: new Date(r.expiresAt) })),
  };
}

function unended(at: string): string {
  return `(SELECT jsonb_agg(to_jsonb(s)) FROM session s WHERE ${OF_STATION}
    AND (s.ended_at IS NULL OR s.end_inferred) AND (s.ended_at IS NULL OR s.ended_at > ${at})) AS unended`;
}

/** Of the last two of each EVSE: the index gives them whatever the station's history. */
function endedThen(at: string): string {
  return `(SELECT jsonb_agg(last.session)
    FROM (SELECT DISTINCT c.evse_number FROM connector c WHERE c.tenant = $1 AND c.station_id = $2) e
    CROSS JOIN LATERAL (SELECT to_jsonb(s) AS session, s.ended_at, s.end_inferred FROM session s WHERE ${OF_STATION}
      AND s.evse_number = e.evse_number AND s.started_at <= ${at} ORDER BY s.started_at DESC LIMIT 2) last
    WHERE last.ended_at = ${at} AND NOT last.end_inferred) AS ended_then`;
}

function next(evseNumber: string, at: string, startKey: string): string {
  return `(SELECT jsonb_build_object('started_at', s.started_at, 'start_key', s.start_key) FROM session s
    WHERE ${OF_STATION} AND s.evse_number = ${evseNumber}
      AND (s.started_at, s.start_key COLLATE "C") > (${at}, ${startKey})
    ORDER BY s.started_at, s.start_key COLLATE "C" LIMIT 1) AS next`;
}

function remoteStarts(receivedAt: string): string {
  return `(SELECT jsonb_agg(jsonb_build_object('id', r.id, 'remoteStartId', r.remote_start_id,
      'tokenHash', r.token_hash, 'evseNumber', r.evse_number, 'quoteId', r.quote_id, 'expiresAt', r.expires_at)
      ORDER BY r.requested_at) FROM remote_start r
    WHERE r.tenant = $1 AND r.station_id = $2 AND r.consumed_by IS NULL
      AND r.expires_at >= ${receivedAt}) AS remote_starts`;
}

function orphans(ref: string): string {
  return `(SELECT jsonb_agg(jsonb_build_object('id', o.id, 'message', o.message)) FROM orphan_message o
    WHERE o.tenant = $1 AND o.station_id = $2 AND o.transaction_ref = ${ref} AND o.adopted_by IS NULL
      AND o.reason = 'UNKNOWN_TRANSACTION') AS orphans`;
}

/** The first few: those of one EVSE come one after the other. What a person dismissed stays so. */
function idlessStops(at: string): string {
  return `(SELECT jsonb_agg(jsonb_build_object('id', o.id, 'message', o.message)) FROM (
      SELECT id, message FROM orphan_message WHERE tenant = $1 AND station_id = $2 AND adopted_by IS NULL
        AND NOT dismissed AND reason = 'NO_TRANSACTION_ID' AND kind = 'ENDED' AND occurred_at >= ${at}
      ORDER BY occurred_at LIMIT ${IDLESS_STOPS}) o) AS idless_stops`;
}

function statuses(evseNumber: string, from: string): string {
  return `(SELECT jsonb_agg(jsonb_build_object('at', h.at, 'status', h.status)) FROM connector_status h
    WHERE h.tenant = $1 AND h.station_id = $2 AND h.evse_number = ${evseNumber} AND h.at >= ${from}) AS statuses`;
}

function taken(candidates: string): string {
  return `(SELECT jsonb_agg(s.transaction_ref) FROM session s
    WHERE ${OF_STATION} AND s.transaction_ref = ANY (${candidates})) AS taken`;
}

function markOf({ at, status }: { at: string; status: string }): StateMark[] {
  const mark = statusMark(status, new Date(at));
  return mark ? [mark] : [];
}
