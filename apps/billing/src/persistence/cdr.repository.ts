import { gathered, gatheredRead, pgArray, type Tx } from '@kilowatch/platform';
import type { SessionCourse } from '@kilowatch/pricing';
import { figuresOf, taxesJson } from '../domain/cdr-figures.js';
import type { Cdr } from '../domain/cdr.js';
import type { Stored } from '../domain/stored.js';
import type { StoredSnapshot } from './billed-session.repository.js';

/** A CDR with all it was made from: tariff and zone are in the document, states and energy in the course. */
export interface CdrRecord {
  readonly tenant: string;
  readonly id: string;
  readonly sessionId: string;
  /** Empty: a driver we do not know, billed by nobody here. */
  readonly accountId: string;
  readonly issuedAt: Date;
  readonly document: Stored<Cdr>;
  readonly course: Stored<SessionCourse>;
  readonly snapshot: StoredSnapshot;
  readonly invoiceNumber: string | undefined;
  readonly kind: CdrKind;
  /** The CDR that a CREDIT takes back. */
  readonly creditOf: string | undefined;
  /** CDRs and credits of a session are counted from 1. The one with the highest number is a CDR: it stands. */
  readonly revision: number;
}

export type CdrKind = 'CDR' | 'CREDIT';

interface Row {
  tenant: string;
  id: string;
  session_id: string;
  account_id: string;
  issued_at: Date;
  document: Stored<Cdr>;
  course: Stored<SessionCourse>;
  snapshot: StoredSnapshot;
  invoice_number: string | null;
  kind: CdrKind;
  credit_of: string | null;
  revision: number;
}

const COLUMNS =
  'tenant, id, session_id, account_id, issued_at, document, course, snapshot, invoice_number, kind, credit_of, revision';

/** Each with its figures (migration 0046: what does not say that it has them gets them from a trigger). */
export const insertCdr = gathered<CdrRecord>(
  ({ id }) => id,
  async (tx, tenant, cdrs) => {
    const figures = cdrs.map(({ document }) => figuresOf(document));
    await tx.query(
      `with figured as (insert into cdr_revenue (tenant, cdr_id, session_id, account_id, issued_at, location_id, location_name, station_id,
          station_identity, currency, sign, energy_mwh, net, tax, energy_net, taxes)
        select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $13::text[], $14::text[], $15::text[], $16::text[],
          $17::text[], $18::int[], $19::bigint[], $20::numeric[], $21::numeric[], $22::numeric[], $23::jsonb[]))
      insert into cdr (${COLUMNS}, figured)
        select $1, *, true from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::json[], $7::json[], $8::json[],
          $9::text[], $10::text[], $11::uuid[], $12::int[])`,
      [
        tenant,
        pgArray.uuid(cdrs.map(({ id }) => id)),
        pgArray.uuid(cdrs.map(({ sessionId }) => sessionId)),
        pgArray.text(cdrs.map(({ accountId }) => accountId)),
        pgArray.timestamptz(cdrs.map(({ issuedAt }) => issuedAt)),
        pgArray.json(cdrs.map(({ document }) => JSON.stringify(document))),
        pgArray.json(cdrs.map(({ course }) => JSON.stringify(course))),
        pgArray.json(cdrs.map(({ snapshot }) => JSON.stringify(snapshot))),
        pgArray.text(cdrs.map(({ invoiceNumber }) => invoiceNumber)),
        pgArray.text(cdrs.map(({ kind }) => kind)),
        pgArray.uuid(cdrs.map(({ creditOf }) => creditOf)),
        pgArray.int4(cdrs.map(({ revision }) => revision)),
        pgArray.text(cdrs.map(({ snapshot }) => snapshot.locationId)),
        pgArray.text(cdrs.map(({ snapshot }) => snapshot.locationName)),
        pgArray.text(cdrs.map(({ snapshot }) => snapshot.stationId)),
        pgArray.text(cdrs.map(({ snapshot }) => snapshot.stationIdentity)),
        pgArray.text(figures.map(({ currency }) => currency)),
        pgArray.int4(figures.map(({ sign }) => sign)),
        pgArray.int8(figures.map(({ energyMwh }) => energyMwh)),
        figures.map(({ net }) => net.toFixed()),
        figures.map(({ tax }) => tax.toFixed()),
        figures.map(({ energyNet }) => energyNet.toFixed()),
        figures.map(({ taxes }) => taxesJson(taxes)),
      ],
    );
  },
);

/** True when the session has its CDR. */
export const isBilled = gatheredRead<string, true>(
  (sessionId) => sessionId,
  async (tx, tenant, sessionIds) => {
    const rows = await tx.query<{ session_id: string }>(
      'select session_id from cdr where tenant = $1 and session_id = any($2::uuid[])',
      [tenant, sessionIds],
    );
    return new Map(rows.map((row) => [row.session_id, true]));
  },
);

/** The CDR of each session that stands: what was credited is left out. */
export async function findCdrsOfSessions(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<CdrRecord[]> {
  const rows = await tx.query<Row>(
    `select distinct on (session_id) * from cdr where tenant = $1 and session_id = any($2::uuid[])
      order by session_id, revision desc`,
    [tenant, sessionIds],
  );
  return rows.map(toCdr);
}

/** All that was issued for a session, credits too, in that order. */
export async function findCdrHistory(tx: Tx, tenant: string, sessionId: string): Promise<CdrRecord[]> {
  const rows = await tx.query<Row>(
    'select * from cdr where tenant = $1 and session_id = $2 order by revision',
    [tenant, sessionId],
  );
  return rows.map(toCdr);
}

/** By id, whether they stand or not. */
export async function findCdrs(tx: Tx, tenant: string, ids: readonly string[]): Promise<CdrRecord[]> {
  const rows = await tx.query<Row>('select * from cdr where tenant = $1 and id = any($2::uuid[])', [
    tenant,
    ids,
  ]);
  return rows.map(toCdr);
}

/** Issued from `from` (inclusive) until `to` (exclusive), oldest first. */
export async function cdrsIssuedIn(
  tx: Tx,
  tenant: string,
  range: {
    from: Date | undefined;
    to: Date | undefined;
    offset: number;
    limit: number;
    /** Without credits and what they took back. */
    standing?: boolean;
  },
): Promise<{ rows: CdrRecord[]; total: number }> {
  const where = `tenant = $1 and ($2::timestamptz is null or issued_at >= $2) and ($3::timestamptz is null or issued_at < $3)`;
  const bounds = [tenant, range.from ?? null, range.to ?? null];
  const credited = 'select 1 from cdr credit where credit.tenant = cdr.tenant and credit.credit_of = cdr.id';
  const wanted = range.standing ? `${where} and kind = 'CDR' and not exists (${credited})` : where;
  const rows = await tx.query<Row>(
    `select * from cdr where ${wanted} order by issued_at, id offset $4 limit $5`,
    [...bounds, range.offset, range.limit],
  );
  const total = await tx.query<{ n: string }>(`select count(*) as n from cdr where ${wanted}`, bounds);
  return { rows: rows.map(toCdr), total: Number(total[0]?.n ?? 0) };
}

function toCdr(row: Row): CdrRecord {
  return {
    tenant: row.tenant,
    id: row.id,
    sessionId: row.session_id,
    accountId: row.account_id,
    issuedAt: row.issued_at,
    document: row.document,
    course: row.course,
    snapshot: row.snapshot,
    invoiceNumber: row.invoice_number ?? undefined,
    kind: row.kind,
    creditOf: row.credit_of ?? undefined,
    revision: row.revision,
  };
}
