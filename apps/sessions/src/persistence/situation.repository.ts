import { Injectable } from '@nestjs/common';
import { isUuid, notFound } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { latestRequestFor } from '../domain/remote-start.js';
import { STATUS_LEAD_MS, type Session } from '../domain/session.js';
import type { StartKeys } from '../domain/business-key.js';
import type { Situation } from '../domain/transaction.js';
import type { TransactionMessage } from '../domain/transaction-message.js';
import { sessionOf, type SessionRow } from './session-row.js';
import { askStation } from './station-query.js';
import {
  knownColumns,
  knownOf,
  notEnded,
  situationOf,
  situationQuery,
  type KnownRow,
  type SituationRow,
} from './situation-query.js';
import {
  CONTEXT_COLUMNS,
  CONTEXT_JOIN,
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
  readonly known: readonly Session[];
  /** Sessions of the same token open on other EVSEs. */
  readonly openElsewhere: readonly string[];
  /** The account whose remote start the station was told this token for, which is its own tag (Q44). */
  readonly standsFor: string | undefined;
  /** Whether a start was asked for with this token, and has not come yet. */
  readonly awaited: boolean;
}

export interface StartPlace extends StartKeys {
  readonly stationId: string;
}

/** An EVSE has one session at a time, so of many ended ones only the last few can cover an instant. */
const RECENT = 8;

/** Loads what the domain decides on; everything in one statement each. */
@Injectable()
export class SituationRepository {
  /** One message of a station at a time: later statements of the transaction see what the one before committed. */
  lockStation(tx: Tx, tenant: string, stationId: string): void {
    tx.lock(`station|${tenant}/${stationId}`);
  }

  /** Throws NOT_FOUND for a station of nobody, or of another tenant. */
  async requireKnown(tx: Tx, tenant: string, stationId: string): Promise<void> {
    const rows = await tx.query('SELECT 1 FROM station WHERE tenant = $1 AND id = $2', [tenant, stationId]);
    if (rows.length === 0) throw stationUnknown(stationId);
  }

  async forToken(
    tx: Tx,
    tenant: string,
    message: TransactionMessage,
    tokenHash: string,
    { stationId, ...start }: StartPlace,
  ): Promise<TokenStanding> {
    const row = await askStation<
      KnownRow & { open_elsewhere: string[] | null; stands_for: string | null; awaited: boolean }
    >(tx, tenant, stationId, (values) => {
      // The start button is nobody's: it is open nowhere else, and stands for nobody.
      const token = tokenHash === '' ? 'NULL::text' : values.text(tokenHash);
      const evse = values.integer(message.evseNumber);
      const receivedAt = values.instant(message.receivedAt);
      const offline = values.bool(message.offline);
      const remoteStart = values.integer(message.remoteStartId ?? null);
      const latest = values.instant(latestRequestFor(message));
      const asked = `FROM remote_start r WHERE r.tenant = st.tenant AND r.station_id = st.id AND r.consumed_by IS NULL
           AND r.expires_at >= ${receivedAt} AND NOT ${offline}
           AND CASE WHEN ${remoteStart} IS NULL THEN ${evse} IN (0, r.evse_number) AND r.requested_at <= ${latest}
             ELSE r.remote_start_id = ${remoteStart} END`;
      return {
        columns: `${knownColumns(message, start, values)},
         (SELECT json_agg(s.id) FROM session s WHERE s.tenant = st.tenant AND s.token_hash = ${token} AND s.ended_at IS NULL
           AND s.authorised AND NOT (s.station_id = st.id AND s.evse_number = ${evse})) AS open_elsewhere,
         (SELECT r.account_id ${asked} AND r.station_tag_hash = ${token} ORDER BY r.requested_at LIMIT 1) AS stands_for,
         EXISTS (SELECT ${asked} AND r.token_hash = ${token}) AS awaited`,
        join: '',
      };
    });
    if (!row) throw stationUnknown(stationId);
    const known = knownOf(row);
    const own = new Set(known.map(({ sessionId }) => sessionId));
    const openElsewhere = (row.open_elsewhere ?? []).filter((id) => !own.has(id));
    return { known, openElsewhere, standsFor: row.stands_for ?? undefined, awaited: row.awaited };
  }

  async forTransaction(
    tx: Tx,
    tenant: string,
    message: TransactionMessage,
    place: StartPlace & { readonly refCandidates: readonly string[] },
  ): Promise<LoadedSituation> {
    const row = await askStation<SituationRow>(tx, tenant, place.stationId, (values) =>
      situationQuery(message, place, values),
    );
    if (!row) throw stationUnknown(place.stationId);
    const station = contextOf(row);
    return { station, takenRefs: new Set(row.taken ?? []), situation: situationOf(row, station) };
  }

  /** A session of the station with the station's context; undefined: there is none of this id. */
  async forSession(
    tx: Tx,
    tenant: string,
    stationId: string,
    sessionId: string,
  ): Promise<{ station: StationContext; session: Session } | undefined> {
    if (!isUuid(sessionId)) return undefined;
    const row = await askStation<StationContextRow & { session: SessionRow | null }>(
      tx,
      tenant,
      stationId,
      (values) => ({
        columns: `${CONTEXT_COLUMNS}, (SELECT to_json(s) FROM session s
          WHERE s.tenant = st.tenant AND s.station_id = st.id AND s.id = ${values.uuid(sessionId)}) AS session`,
        join: CONTEXT_JOIN,
      }),
    );
    return row?.session ? { station: contextOf(row), session: sessionOf(row.session) } : undefined;
  }

  async forStatus(
    tx: Tx,
    tenant: string,
    stationId: string,
    evseNumber: number,
    at: Date,
  ): Promise<StatusSituation> {
    const row = await askStation<StationContextRow & { sessions: readonly SessionRow[] | null }>(
      tx,
      tenant,
      stationId,
      (values) => {
        const evse = values.integer(evseNumber);
        const endedFrom = values.instant(at);
        const startedUntil = values.instant(new Date(at.getTime() + STATUS_LEAD_MS));
        return {
          columns: `${CONTEXT_COLUMNS},
            (SELECT json_agg(to_json(s) ORDER BY s.started_at DESC) FROM (
              SELECT * FROM session o WHERE o.tenant = st.tenant AND o.station_id = st.id AND o.evse_number = ${evse}
                AND ${notEnded('o')}
              UNION ALL
              SELECT * FROM (SELECT * FROM session e WHERE e.tenant = st.tenant AND e.station_id = st.id
                AND e.evse_number = ${evse} AND e.started_at <= ${startedUntil} ORDER BY e.started_at DESC LIMIT ${RECENT}) recent
              WHERE recent.ended_at >= ${endedFrom}) s) AS sessions`,
          join: CONTEXT_JOIN,
        };
      },
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
