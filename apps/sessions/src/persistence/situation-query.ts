/** The one query behind a transaction message: only the parts its kind needs, because planning costs more than reading. */
import type { StartKeys } from '../domain/business-key.js';
import { isProtocol16 } from '../domain/charging-state.js';
import type { RemoteStart } from '../domain/remote-start.js';
import { STATUS_LEAD_MS, type Session } from '../domain/session.js';
import { statusMark, type StateMark } from '../domain/state-periods.js';
import type { Situation } from '../domain/transaction.js';
import type { TransactionMessage } from '../domain/transaction-message.js';
import { isUsableRef } from '../domain/transaction-ref.js';
import { orphanOf, type OrphanJson } from './orphan-row.js';
import { sessionOf, type Json, type SessionRow } from './session-row.js';
import type { QueryOfStation, StationValues } from './station-query.js';
import {
  CONTEXT_COLUMNS,
  CONTEXT_JOIN,
  type StationContext,
  type StationContextRow,
} from './station-context.js';

export interface SituationRow extends StationContextRow, KnownRow {
  readonly unended?: readonly SessionRow[] | null;
  readonly ended_then?: readonly SessionRow[] | null;
  readonly next?: { started_at: string; start_key: string } | null;
  readonly orphans?: readonly OrphanJson[] | null;
  readonly idless_stops?: readonly OrphanJson[] | null;
  readonly statuses?: readonly { at: string; status: string }[] | null;
  readonly remote_starts?: readonly Json<RemoteStart>[] | null;
  readonly taken?: readonly string[] | null;
}

/** The session that a message names, or is of the start of; of a 2.x id that was used again the others too. */
export interface KnownRow {
  readonly known: SessionRow | null;
  readonly used_again?: readonly SessionRow[] | null;
}

const IDLESS_STOPS = 20;
/** A station may use one id for each of its charges: those around the message's time tell whose it is. */
const USES_BEFORE = 3;
const OF_STATION = 's.tenant = st.tenant AND s.station_id = st.id';

export function situationQuery(
  message: TransactionMessage,
  place: StartKeys & { readonly refCandidates: readonly string[] },
  values: StationValues,
): QueryOfStation {
  const { at, evseNumber, transactionRef: ref } = message;
  const started = message.kind === 'STARTED';
  const started16 = started && isProtocol16(message.protocol);
  // A start, or an update that says for the first time on which EVSE it is.
  const placed =
    evseNumber > 0 && (started || (message.kind === 'UPDATED' && !isProtocol16(message.protocol)));
  const columns = [CONTEXT_COLUMNS, knownColumns(message, place, values)];
  if (placed || !isUsableRef(ref)) columns.push(unended(values.instant(at)));
  if (message.kind === 'ENDED' && !isUsableRef(ref)) columns.push(endedThen(values.instant(at)));
  if (placed) columns.push(next(values.integer(evseNumber), values.instant(at), values.text(place.startKey)));
  // A 2.0.1 start may adopt an update that brought the token.
  if (message.token?.decision || (started && !started16))
    columns.push(remoteStarts(values.instant(message.receivedAt)));
  const waitingUnder = started16 ? message.assignedRef : ref;
  if (started && waitingUnder) columns.push(orphans(values.text(waitingUnder)));
  if (started16) {
    const from = new Date(at.getTime() - STATUS_LEAD_MS);
    columns.push(statuses(values.integer(evseNumber), values.instant(from)));
    columns.push(taken(values.text(place.refCandidates.join(','))));
    columns.push(idlessStops(values.instant(at)));
  }
  return { columns: columns.join(',\n'), join: CONTEXT_JOIN };
}

export function situationOf(row: SituationRow, station: StationContext): Situation {
  return {
    stationId: station.stationId,
    evseCount: station.evseCount,
    known: knownOf(row),
    unended: (row.unended ?? []).map(sessionOf),
    endedThen: (row.ended_then ?? []).map(sessionOf),
    nextOnEvse: row.next
      ? { startedAt: new Date(row.next.started_at), startKey: row.next.start_key }
      : undefined,
    orphans: (row.orphans ?? []).map(orphanOf),
    idlessStops: (row.idless_stops ?? []).map(orphanOf),
    statusMarks: (row.statuses ?? []).flatMap(markOf),
    remoteStarts: (row.remote_starts ?? []).map((r) => ({
      ...r,
      requestedAt: new Date(r.requestedAt),
      expiresAt: new Date(r.expiresAt),
    })),
  };
}

export function knownOf({ known, used_again: usedAgain }: KnownRow): Session[] {
  return [...(known ? [known] : []), ...(usedAgain ?? [])].map(sessionOf);
}

/** A meter that counts from 0 at each start says nothing: the same card may charge again, when the stop before was lost. */
const TIMELESS_AGAIN_MS = 60 * 60_000;

/** Of `KnownRow`. */
export function knownColumns(message: TransactionMessage, keys: StartKeys, values: StationValues): string {
  const known = `${knownSession(message, keys, values)} AS known`;
  const { transactionRef: ref, protocol } = message;
  if (!ref || isProtocol16(protocol)) return known;
  const [of, at] = [values.text(ref), values.instant(message.at)];
  const near = (which: string) =>
    `(SELECT s.* FROM session s WHERE ${OF_STATION} AND s.station_ref = ${of} AND s.started_at ${which})`;
  return `${known}, (SELECT json_agg(to_json(u)) FROM (
    ${near(`<= ${at} ORDER BY s.started_at DESC LIMIT ${USES_BEFORE}`)} UNION ALL
    ${near(`> ${at} ORDER BY s.started_at LIMIT 1`)}) u) AS used_again`;
}

function knownSession(
  { transactionRef, at, registerMwh }: TransactionMessage,
  { startKey, timelessKey }: StartKeys,
  values: StationValues,
): string {
  const found = (which: string) => `(SELECT to_json(s) FROM session s WHERE ${OF_STATION} AND ${which})`;
  if (transactionRef) return found(`s.transaction_ref = ${values.text(transactionRef)}`);
  const same = found(`s.start_key = ${values.text(startKey)}`);
  if (timelessKey === undefined) return same;
  const since = registerMwh
    ? ''
    : `AND s.started_at > ${values.instant(new Date(at.getTime() - TIMELESS_AGAIN_MS))}`;
  const open = `${notEnded('s')} AND starts_with(s.start_key, ${values.text(timelessKey)}) AND s.started_at <= ${values.instant(at)} ${since}`;
  return `coalesce(${same}, ${found(`${open} ORDER BY s.started_at DESC LIMIT 1`)})`;
}

/**
 * As `ended_at IS NULL`, but only session_unended_idx has such rows, which goes by station: with the bare condition the planner may take
 * the index of running sessions by token, and read those of all stations, when its statistics are of an hour without any.
 */
export function notEnded(session: string): string {
  return `(${session}.ended_at IS NULL OR ${session}.end_inferred) AND coalesce(${session}.ended_at, 'infinity') = 'infinity'`;
}

function unended(at: string): string {
  return `(SELECT json_agg(to_json(s)) FROM session s WHERE ${OF_STATION}
    AND (s.ended_at IS NULL OR s.end_inferred) AND (s.ended_at IS NULL OR s.ended_at > ${at})) AS unended`;
}

/** Of the last two of each EVSE: the index gives them whatever the station's history. */
function endedThen(at: string): string {
  return `(SELECT json_agg(last.session)
    FROM (SELECT DISTINCT c.evse_number FROM connector c WHERE c.tenant = st.tenant AND c.station_id = st.id) e
    CROSS JOIN LATERAL (SELECT to_json(s) AS session, s.ended_at, s.end_inferred FROM session s WHERE ${OF_STATION}
      AND s.evse_number = e.evse_number AND s.started_at <= ${at} ORDER BY s.started_at DESC LIMIT 2) last
    WHERE last.ended_at = ${at} AND NOT last.end_inferred) AS ended_then`;
}

function next(evseNumber: string, at: string, startKey: string): string {
  return `(SELECT json_build_object('started_at', s.started_at, 'start_key', s.start_key) FROM session s
    WHERE ${OF_STATION} AND s.evse_number = ${evseNumber}
      AND (s.started_at, s.start_key COLLATE "C") > (${at}, ${startKey})
    ORDER BY s.started_at, s.start_key COLLATE "C" LIMIT 1) AS next`;
}

function remoteStarts(receivedAt: string): string {
  return `(SELECT json_agg(json_build_object('id', r.id, 'remoteStartId', r.remote_start_id,
      'tokenHash', r.token_hash, 'evseNumber', r.evse_number, 'quoteId', r.quote_id,
      'requestedAt', r.requested_at, 'expiresAt', r.expires_at)
      ORDER BY r.requested_at) FROM remote_start r
    WHERE r.tenant = st.tenant AND r.station_id = st.id AND r.consumed_by IS NULL
      AND r.expires_at >= ${receivedAt}) AS remote_starts`;
}

function orphans(ref: string): string {
  return `(SELECT json_agg(json_build_object('id', o.id, 'message', o.message)) FROM orphan_message o
    WHERE o.tenant = st.tenant AND o.station_id = st.id AND o.transaction_ref = ${ref} AND o.adopted_by IS NULL
      AND (o.reason = 'UNKNOWN_TRANSACTION' OR o.reason = 'REUSED_TRANSACTION_ID' AND NOT o.dismissed)) AS orphans`;
}

/** The first few: those of one EVSE come one after the other. What a person dismissed stays so. */
function idlessStops(at: string): string {
  return `(SELECT json_agg(json_build_object('id', o.id, 'message', o.message)) FROM (
      SELECT id, message FROM orphan_message
      WHERE tenant = st.tenant AND station_id = st.id AND adopted_by IS NULL
        AND NOT dismissed AND reason = 'NO_TRANSACTION_ID' AND kind = 'ENDED' AND occurred_at >= ${at}
      ORDER BY occurred_at LIMIT ${IDLESS_STOPS}) o) AS idless_stops`;
}

function statuses(evseNumber: string, from: string): string {
  return `(SELECT json_agg(json_build_object('at', h.at, 'status', h.status)) FROM connector_status h
    WHERE h.tenant = st.tenant AND h.station_id = st.id AND h.evse_number = ${evseNumber} AND h.at >= ${from}) AS statuses`;
}

function taken(candidates: string): string {
  return `(SELECT json_agg(s.transaction_ref) FROM session s
    WHERE ${OF_STATION} AND s.transaction_ref = ANY (string_to_array(${candidates}, ','))) AS taken`;
}

function markOf({ at, status }: { at: string; status: string }): StateMark[] {
  const mark = statusMark(status, new Date(at));
  return mark ? [mark] : [];
}
