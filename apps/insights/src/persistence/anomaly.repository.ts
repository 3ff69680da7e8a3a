import { groupBy } from '@kilowatch/kernel';
import { gathered, type SortKey, type Tx } from '@kilowatch/platform';
import type { AnomalyKind } from '../domain/watch.js';

export interface Anomaly {
  readonly id: string;
  readonly kind: AnomalyKind;
  readonly cause: string;
  readonly sessionId: string;
  readonly stationId: string;
  readonly evseNumber: number;
  readonly onset: Date;
  readonly detectedAt: Date;
  readonly resolvedAt: Date | undefined;
  /** 0..1 */
  readonly confidence: number;
  readonly evidence: Readonly<Record<string, number | string>>;
  /** It was over and came back: the same incident. */
  readonly occurrences: number;
  readonly version: number;
}

interface Row {
  id: string;
  kind: AnomalyKind;
  cause: string;
  session_id: string;
  station_id: string;
  evse_number: number;
  onset: Date;
  detected_at: Date;
  resolved_at: Date | null;
  confidence: number;
  evidence: Record<string, number | string>;
  occurrences: number;
  version: string;
}

export type NewAnomaly = Omit<Anomaly, 'resolvedAt' | 'occurrences' | 'version'>;

/** Opens the session's incident of this kind, or opens it again. */
export async function openAnomaly(tx: Tx, tenant: string, anomaly: NewAnomaly): Promise<Anomaly> {
  const rows = await tx.query<Row>(
    `insert into anomaly as held (tenant, id, kind, cause, session_id, station_id, evse_number, onset, detected_at,
        confidence, evidence, occurrences, version)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, 1)
      on conflict on constraint anomaly_once do update set cause = excluded.cause, onset = excluded.onset,
        detected_at = excluded.detected_at, resolved_at = null, confidence = excluded.confidence,
        evidence = excluded.evidence, occurrences = held.occurrences + 1, version = held.version + 1
      returning *`,
    [
      tenant,
      anomaly.id,
      anomaly.kind,
      anomaly.cause,
      anomaly.sessionId,
      anomaly.stationId,
      anomaly.evseNumber,
      anomaly.onset,
      anomaly.detectedAt,
      anomaly.confidence,
      JSON.stringify(anomaly.evidence),
    ],
  );
  return toAnomaly(rows[0]!);
}

export async function resolveAnomaly(
  tx: Tx,
  tenant: string,
  sessionId: string,
  kind: AnomalyKind,
  at: Date,
): Promise<Anomaly[]> {
  const rows = await tx.query<Row>(
    `update anomaly set resolved_at = $4, version = version + 1
      where tenant = $1 and session_id = $2 and kind = $3 and resolved_at is null returning *`,
    [tenant, sessionId, kind, at],
  );
  return rows.map(toAnomaly);
}

export interface Delivering {
  readonly stationId: string;
  readonly evseNumber: number;
  readonly sessionId: string;
  readonly at: Date;
}

/** The EVSE delivers energy again: what earlier sessions on it left open is over. */
export const resolveEarlier = gathered<Delivering, Anomaly[]>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, evses) => {
    const rows = await tx.query<Row & { later_session: string }>(
      `update anomaly a set resolved_at = k.at, version = a.version + 1
        from unnest($2::uuid[], $3::int[], $4::uuid[], $5::timestamptz[]) as k (station_id, evse_number, session_id, at)
        where a.tenant = $1 and a.station_id = k.station_id and a.evse_number = k.evse_number
          and a.session_id <> k.session_id and a.resolved_at is null and a.onset < k.at
        returning a.*, k.session_id as later_session`,
      [
        tenant,
        evses.map(({ stationId }) => stationId),
        evses.map(({ evseNumber }) => evseNumber),
        evses.map(({ sessionId }) => sessionId),
        evses.map(({ at }) => at),
      ],
    );
    const ofSession = groupBy(rows, (row) => row.later_session);
    return new Map([...ofSession].map(([sessionId, resolved]) => [sessionId, resolved.map(toAnomaly)]));
  },
);

export async function anomaliesOfSessions(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<Anomaly[]> {
  const rows = await tx.query<Row>(
    'select * from anomaly where tenant = $1 and session_id = any($2::uuid[]) order by onset, id',
    [tenant, sessionIds],
  );
  return rows.map(toAnomaly);
}

/** At most 100 of each station. */
export async function openAnomaliesOf(
  tx: Tx,
  tenant: string,
  stationIds: readonly string[],
): Promise<Anomaly[]> {
  const rows = await tx.query<Row>(
    `select a.* from unnest($2::uuid[]) as s (station_id)
      join lateral (select * from anomaly where tenant = $1 and station_id = s.station_id and resolved_at is null
        order by onset desc, id limit 100) a on true`,
    [tenant, stationIds],
  );
  return rows.map(toAnomaly);
}

/** Latest first. */
export async function listAnomalies(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  filter: { stationId?: string | undefined; open?: boolean | undefined },
): Promise<Anomaly[]> {
  const rows = await tx.query<Row>(
    `select * from anomaly
      where tenant = $1 and ($2::uuid is null or station_id = $2) and ($3::bool is null or (resolved_at is null) = $3)
        and ($4::timestamptz is null or (detected_at, id) < ($4::timestamptz, $5::uuid))
      order by detected_at desc, id desc limit $6`,
    [
      tenant,
      filter.stationId ?? null,
      filter.open ?? null,
      page.after?.[0] ?? null,
      page.after?.[1] ?? null,
      page.limit,
    ],
  );
  return rows.map(toAnomaly);
}

function toAnomaly(row: Row): Anomaly {
  return {
    id: row.id,
    kind: row.kind,
    cause: row.cause,
    sessionId: row.session_id,
    stationId: row.station_id,
    evseNumber: row.evse_number,
    onset: row.onset,
    detectedAt: row.detected_at,
    resolvedAt: row.resolved_at ?? undefined,
    confidence: Math.round(row.confidence * 100) / 100,
    evidence: row.evidence,
    occurrences: row.occurrences,
    version: Number(row.version),
  };
}
