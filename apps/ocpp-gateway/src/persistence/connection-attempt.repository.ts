import type { Tx } from '@kilowatch/platform';

export interface ConnectionAttempt {
  readonly tenant: string;
  readonly attemptId: string;
  readonly at: Date;
  readonly lastAt: Date;
  /** The same station, address and outcome within one write count as one. */
  readonly times: number;
  /** As far as the URL told it; empty when it did not. */
  readonly identity: string;
  readonly stationId: string | null;
  readonly connectionId: string | null;
  readonly outcome: 'ACCEPTED' | 'REFUSED';
  /** Empty when accepted; else why, in a word of domain/refusal-advice.ts. */
  readonly reason: string;
  readonly httpStatus: number;
  readonly url: string;
  /** The header as it came. */
  readonly subprotocols: string;
  /** Chosen; empty when none was. */
  readonly protocol: string;
  readonly securityProfile: number | null;
  /** `TLSv1.3 TLS_AES_128_GCM_SHA256`, `proxy` when one of ours took it off, empty without. */
  readonly tls: string;
  readonly remoteIp: string;
  readonly userAgent: string;
}

export interface AttemptSearch {
  readonly identity?: string | undefined;
  readonly stationId?: string | undefined;
  readonly outcome?: string | undefined;
  readonly after?: readonly [at: string, id: string] | undefined;
  readonly limit: number;
}

interface AttemptRow {
  attempt_id: string;
  at: Date;
  last_at: Date;
  times: number;
  identity: string;
  station_id: string | null;
  connection_id: string | null;
  outcome: 'ACCEPTED' | 'REFUSED';
  reason: string;
  http_status: number;
  url: string;
  subprotocols: string;
  protocol: string;
  security_profile: number | null;
  tls: string;
  remote_ip: string;
  user_agent: string;
}

const INSERT = `INSERT INTO connection_attempt (tenant, attempt_id, at, last_at, times, identity, station_id, connection_id,
    outcome, reason, http_status, url, subprotocols, protocol, security_profile, tls, remote_ip, user_agent)
  SELECT * FROM unnest($1::text[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::integer[], $6::text[], $7::uuid[],
    $8::uuid[], $9::text[], $10::text[], $11::integer[], $12::text[], $13::text[], $14::text[], $15::integer[], $16::text[],
    $17::text[], $18::text[])`;

const FORGET = `DELETE FROM connection_attempt WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM connection_attempt WHERE at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING tenant`;

/** How chargers, known and unknown, came to our door. */
export class ConnectionAttemptRepository {
  async insert(tx: Tx, attempts: readonly ConnectionAttempt[]): Promise<void> {
    await tx.query(INSERT, [
      attempts.map((attempt) => attempt.tenant),
      attempts.map((attempt) => attempt.attemptId),
      attempts.map((attempt) => attempt.at),
      attempts.map((attempt) => attempt.lastAt),
      attempts.map((attempt) => attempt.times),
      attempts.map((attempt) => attempt.identity),
      attempts.map((attempt) => attempt.stationId),
      attempts.map((attempt) => attempt.connectionId),
      attempts.map((attempt) => attempt.outcome),
      attempts.map((attempt) => attempt.reason),
      attempts.map((attempt) => attempt.httpStatus),
      attempts.map((attempt) => attempt.url),
      attempts.map((attempt) => attempt.subprotocols),
      attempts.map((attempt) => attempt.protocol),
      attempts.map((attempt) => attempt.securityProfile),
      attempts.map((attempt) => attempt.tls),
      attempts.map((attempt) => attempt.remoteIp),
      attempts.map((attempt) => attempt.userAgent),
    ]);
  }

  /** Latest first. */
  async search(tx: Tx, tenant: string, search: AttemptSearch): Promise<ConnectionAttempt[]> {
    const params: unknown[] = [tenant];
    const p = (value: unknown) => `$${params.push(value)}`;
    const where = ['tenant = $1'];
    if (search.identity !== undefined) where.push(`lower(identity) = lower(${p(search.identity)})`);
    if (search.stationId !== undefined) where.push(`station_id = ${p(search.stationId)}`);
    if (search.outcome !== undefined) where.push(`outcome = ${p(search.outcome)}`);
    if (search.after)
      where.push(`(at, attempt_id) < (${p(search.after[0])}::timestamptz, ${p(search.after[1])}::uuid)`);
    const rows = await tx.query<AttemptRow>(
      `SELECT * FROM connection_attempt WHERE ${where.join(' AND ')} ORDER BY at DESC, attempt_id DESC LIMIT ${p(search.limit)}`,
      params,
    );
    return rows.map((row) => ({
      tenant,
      attemptId: row.attempt_id,
      at: row.at,
      lastAt: row.last_at,
      times: row.times,
      identity: row.identity,
      stationId: row.station_id,
      connectionId: row.connection_id,
      outcome: row.outcome,
      reason: row.reason,
      httpStatus: row.http_status,
      url: row.url,
      subprotocols: row.subprotocols,
      protocol: row.protocol,
      securityProfile: row.security_profile,
      tls: row.tls,
      remoteIp: row.remote_ip,
      userAgent: row.user_agent,
    }));
  }

  /** System scope. Returns one row for each that is gone. */
  forget(tx: Tx, before: Date, limit: number): Promise<{ tenant: string }[]> {
    return tx.query<{ tenant: string }>(FORGET, [before, limit]);
  }
}
