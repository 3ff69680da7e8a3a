/** Rows of `session` as JSON (to_json and json_to_recordset): one mapping for reading and writing. */
import type { Payer } from '../domain/payer.js';
import { seqGapCount, type SeqRanges } from '../domain/seq-numbers.js';
import { chargingStateOf, type Session } from '../domain/session.js';
import type { StateMark } from '../domain/state-periods.js';

/** A value as it looks after JSON: dates are text. */
export type Json<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Json<Item>[]
    : T extends object
      ? { [K in keyof T]: Json<T[K]> }
      : T;

/** Where a session stands; ids of rows of ours. */
export interface SessionPlace {
  readonly locationId: string;
  readonly connectorId: string | undefined;
}

export interface SessionRow {
  readonly tenant: string;
  readonly id: string;
  readonly station_id: string;
  readonly location_id: string;
  readonly connector_id: string | null;
  readonly evse_number: number;
  readonly connector_number: number;
  readonly protocol: string;
  /** Unlike any other of the station. */
  readonly transaction_ref: string;
  /** What the station says for it, where that is something else. */
  readonly station_ref: string | null;
  readonly start_key: string;
  readonly charging_state: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly stop_reason: string;
  readonly end_inferred: boolean;
  readonly offline: boolean;
  readonly authorised: boolean | null;
  readonly token_hash: string;
  readonly token_id: string;
  readonly account_id: string;
  readonly payer: Json<Payer> | null;
  readonly marks: readonly Json<StateMark>[];
  readonly seq_nos: SeqRanges;
  readonly seq_gaps: number;
  readonly clock_offset_seconds: number;
  readonly version: number;
  readonly last_updated: string;
}

export function sessionOf(row: SessionRow): Session {
  return {
    sessionId: row.id,
    stationId: row.station_id,
    protocol: row.protocol,
    transactionRef: row.station_ref ?? row.transaction_ref,
    ...(row.station_ref === null ? {} : { ownRef: row.transaction_ref }),
    startKey: row.start_key,
    evseNumber: row.evse_number,
    connectorNumber: row.connector_number,
    startedAt: new Date(row.started_at),
    end: row.ended_at
      ? { at: new Date(row.ended_at), reason: row.stop_reason, inferred: row.end_inferred }
      : undefined,
    offline: row.offline,
    marks: row.marks.map((mark) => ({ ...mark, at: new Date(mark.at) })),
    seqNos: row.seq_nos,
    payer: row.payer ? payerOfJson(row.payer) : undefined,
    clockOffsetSeconds: row.clock_offset_seconds,
    version: row.version,
  };
}

export function rowOf(tenant: string, session: Session, place: SessionPlace, now: Date): SessionRow {
  const { payer, end } = session;
  return {
    tenant,
    id: session.sessionId,
    station_id: session.stationId,
    location_id: place.locationId,
    connector_id: place.connectorId ?? null,
    evse_number: session.evseNumber,
    connector_number: session.connectorNumber,
    protocol: session.protocol,
    transaction_ref: session.ownRef ?? session.transactionRef,
    station_ref: session.ownRef === undefined ? null : session.transactionRef,
    start_key: session.startKey,
    charging_state: chargingStateOf(session),
    started_at: session.startedAt.toISOString(),
    ended_at: end?.at.toISOString() ?? null,
    stop_reason: end?.reason ?? '',
    end_inferred: end?.inferred ?? false,
    offline: session.offline,
    authorised: payer?.authorised ?? null,
    token_hash: payer?.tokenHash ?? '',
    token_id: payer?.tokenId ?? '',
    account_id: payer?.accountId ?? '',
    payer: payer ? (JSON.parse(JSON.stringify(payer)) as Json<Payer>) : null,
    marks: session.marks.map((mark) => ({ ...mark, at: mark.at.toISOString() })),
    seq_nos: session.seqNos,
    seq_gaps: seqGapCount(session.seqNos),
    clock_offset_seconds: session.clockOffsetSeconds,
    version: session.version,
    last_updated: now.toISOString(),
  };
}

function payerOfJson(payer: Json<Payer>): Payer {
  return {
    ...payer,
    at: new Date(payer.at),
    cacheExpiry: payer.cacheExpiry ? new Date(payer.cacheExpiry) : undefined,
  };
}
