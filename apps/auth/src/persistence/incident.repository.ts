import { isUuid } from '@kilowatch/kernel';
import { pgArray, type SortKey, type Tx } from '@kilowatch/platform';
import type { Severity } from '../domain/attempts/attempt-judges.js';
import type { AttemptRule } from '../domain/attempts/attempt-rules.js';
import type { RuleKey } from '../domain/attempts/attempt-watch.js';
import type { Incident } from '../domain/attempts/incident.js';

export interface IncidentFilter {
  readonly status?: Incident['status'] | undefined;
  readonly rules?: readonly AttemptRule[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  readonly stationId?: string | undefined;
}

interface Row {
  id: string;
  rule: AttemptRule;
  key: string;
  severity: Severity;
  status: Incident['status'];
  first_seen: Date;
  last_seen: Date;
  count: string;
  evidence: Incident['evidence'];
  due_at: Date;
  closed_at: Date | null;
  close_reason: NonNullable<Incident['closeReason']> | null;
  closed_by: string;
  close_note: string;
  version: string;
}

/** Those of the keys that are open, or that a sign from `since` on could still belong to. */
export async function findIncidentsOf(
  tx: Tx,
  tenant: string,
  keys: readonly (RuleKey & { readonly since: number })[],
): Promise<Incident[]> {
  const rows = await tx.query<Row>(
    `select i.* from unnest($2::text[], $3::text[], $4::timestamptz[]) as wanted(rule, key, since)
      join attempt_incident i on i.tenant = $1 and i.rule = wanted.rule and i.key = wanted.key
        and (i.last_seen >= wanted.since or i.status = 'OPEN')`,
    [
      tenant,
      pgArray.text(keys.map(({ rule }) => rule)),
      pgArray.text(keys.map(({ key }) => key)),
      pgArray.timestamptz(keys.map(({ since }) => new Date(since))),
    ],
  );
  return rows.map(toIncident);
}

export async function findIncident(tx: Tx, tenant: string, id: string): Promise<Incident | undefined> {
  const rows = await tx.query<Row>('select * from attempt_incident where tenant = $1 and id = $2', [
    tenant,
    id,
  ]);
  return rows[0] && toIncident(rows[0]);
}

/** Latest opened first: ids are UUIDv7. */
export async function listIncidents(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  { status, rules, severities, stationId }: IncidentFilter,
): Promise<Incident[]> {
  const rows = await tx.query<Row>(
    `select * from attempt_incident where tenant = $1 and ($2::uuid is null or id < $2)
        and ($3::text is null or status = $3) and ($4::text[] is null or rule = any ($4))
        and ($5::text[] is null or severity = any ($5)) and ($6::uuid is null or $6 = any (station_ids))
      order by id desc limit $7`,
    [
      tenant,
      page.after?.[0] ?? null,
      status ?? null,
      rules ?? null,
      severities ?? null,
      stationId ?? null,
      page.limit,
    ],
  );
  return rows.map(toIncident);
}

export async function countOpenIncidents(tx: Tx, tenant: string): Promise<number> {
  const rows = await tx.query<{ n: string }>(
    `select count(*) as n from attempt_incident where tenant = $1 and status = 'OPEN'`,
    [tenant],
  );
  return Number(rows[0]?.n ?? 0);
}

export async function saveIncident(tx: Tx, tenant: string, incident: Incident): Promise<void> {
  const stationIds = incident.evidence.flatMap(({ stationId }) =>
    stationId && isUuid(stationId) ? [stationId] : [],
  );
  await tx.query(
    `insert into attempt_incident (tenant, id, rule, key, severity, status, first_seen, last_seen, count, evidence,
        station_ids, due_at, closed_at, close_reason, closed_by, close_note, version)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::uuid[], $12, $13, $14, $15, $16, $17)
      on conflict on constraint attempt_incident_pk do update set severity = excluded.severity, status = excluded.status,
        first_seen = excluded.first_seen, last_seen = excluded.last_seen, count = excluded.count,
        evidence = excluded.evidence, station_ids = excluded.station_ids, due_at = excluded.due_at,
        closed_at = excluded.closed_at, close_reason = excluded.close_reason, closed_by = excluded.closed_by,
        close_note = excluded.close_note, version = excluded.version`,
    [
      tenant,
      incident.id,
      incident.rule,
      incident.key,
      incident.severity,
      incident.status,
      incident.firstSeen,
      incident.lastSeen,
      incident.count,
      JSON.stringify(incident.evidence),
      [...new Set(stationIds)],
      incident.dueAt,
      incident.closedAt ?? null,
      incident.closeReason ?? null,
      incident.closedBy,
      incident.closeNote,
      incident.version,
    ],
  );
}

/** Of all tenants. Nothing is locked: whoever closes one looks again under the tenant's lock. */
export function dueIncidents(tx: Tx, now: Date, limit: number): Promise<{ tenant: string; id: string }[]> {
  return tx.query<{ tenant: string; id: string }>(
    `select tenant, id from attempt_incident where status = 'OPEN' and due_at <= $1 order by due_at limit $2`,
    [now, limit],
  );
}

/** Stations at which somebody guesses tokens now. */
export async function stationsUnderGuessing(tx: Tx, tenant: string): Promise<Set<string>> {
  const rows = await tx.query<{ key: string }>(
    `select key from attempt_incident
      where tenant = $1 and status = 'OPEN' and rule in ('TOKEN_GUESSING', 'SEQUENTIAL_UIDS') limit 1000`,
    [tenant],
  );
  return new Set(rows.map(({ key }) => key));
}

function toIncident(row: Row): Incident {
  return {
    id: row.id,
    rule: row.rule,
    key: row.key,
    severity: row.severity,
    status: row.status,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    count: Number(row.count),
    evidence: row.evidence,
    dueAt: row.due_at,
    closedAt: row.closed_at ?? undefined,
    closeReason: row.close_reason ?? undefined,
    closedBy: row.closed_by,
    closeNote: row.close_note,
    version: Number(row.version),
  };
}
