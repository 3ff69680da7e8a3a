import { Injectable } from '@nestjs/common';
import { gathered, pgArray, type SortKey, type Tx } from '@kilowatch/platform';
import { OPEN_RESERVATION, type ReservationStatus } from '../domain/reservation.js';

export interface ReservationRow {
  readonly tenant: string;
  readonly id: string;
  readonly station_id: string;
  readonly connector_id: string;
  readonly evse_number: number;
  readonly number: number;
  readonly token_hash: string;
  readonly account_id: string;
  readonly status: ReservationStatus;
  readonly reason: string;
  readonly session_id: string | null;
  readonly requested_at: Date;
  readonly expires_at: Date;
  readonly ended_at: Date | null;
  readonly version: number;
  /** Empty: no price was accepted. */
  readonly quote_id: string;
  /** The station said once that it keeps the connector. */
  readonly held: boolean;
}

export interface NewReservation {
  readonly id: string;
  readonly stationId: string;
  readonly connectorId: string;
  readonly evseNumber: number;
  /** The first one that the station never had is taken. */
  readonly numbers: readonly number[];
  readonly tokenHash: string;
  readonly accountId: string;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly quoteId: string;
}

export interface ReservationFilter {
  readonly stationId?: string | null;
  readonly accountId?: string | null;
  readonly status?: ReservationStatus | null;
}

/** What a start says: a number, or only who it is and where. */
export interface ReservationClaim {
  readonly stationId: string;
  readonly number: number | undefined;
  readonly tokenHash: string;
  /** Empty: a token of no account. */
  readonly accountId: string;
  readonly evseNumber: number;
  readonly at: Date;
}

/** A station's clock may run behind ours. */
const CLOCK_TOLERANCE = `interval '2 minutes'`;
/** Expiry waits a moment: the station's own clock ends it first, and says so. */
const GRACE = `interval '30 seconds'`;

@Injectable()
export class ReservationRepository {
  /** Undefined: the connector is reserved already. */
  async add(tx: Tx, tenant: string, reservation: NewReservation): Promise<ReservationRow | undefined> {
    const [row] = await tx.query<ReservationRow>(
      `INSERT INTO reservation (tenant, id, station_id, connector_id, evse_number, number, token_hash, account_id, status,
         requested_at, expires_at, due_at, version, quote_id)
       SELECT $1, $2, $3, $4, $5, n, $7, $8, 'REQUESTED', $9, $10, $10::timestamptz + ${GRACE}, 1, $11
       FROM unnest($6::int[]) n
       WHERE NOT EXISTS (SELECT 1 FROM reservation r WHERE r.tenant = $1 AND r.station_id = $3 AND r.number = n) LIMIT 1
       ON CONFLICT DO NOTHING RETURNING *`,
      [
        tenant,
        reservation.id,
        reservation.stationId,
        reservation.connectorId,
        reservation.evseNumber,
        reservation.numbers,
        reservation.tokenHash,
        reservation.accountId,
        reservation.requestedAt,
        reservation.expiresAt,
        reservation.quoteId,
      ],
    );
    return row;
  }

  async find(tx: Tx, tenant: string, id: string): Promise<ReservationRow | undefined> {
    const [row] = await tx.query<ReservationRow>('SELECT * FROM reservation WHERE tenant = $1 AND id = $2', [
      tenant,
      id,
    ]);
    return row;
  }

  async lock(tx: Tx, tenant: string, id: string): Promise<ReservationRow | undefined> {
    const [row] = await tx.query<ReservationRow>(
      'SELECT * FROM reservation WHERE tenant = $1 AND id = $2 FOR UPDATE',
      [tenant, id],
    );
    return row;
  }

  async lockByNumber(
    tx: Tx,
    tenant: string,
    stationId: string,
    number: number,
  ): Promise<ReservationRow | undefined> {
    const [row] = await tx.query<ReservationRow>(
      'SELECT * FROM reservation WHERE tenant = $1 AND station_id = $2 AND number = $3 FOR UPDATE',
      [tenant, stationId, number],
    );
    return row;
  }

  /** Whoever holds the EVSE now. */
  async openOnEvse(
    tx: Tx,
    tenant: string,
    stationId: string,
    evseNumber: number,
  ): Promise<ReservationRow | undefined> {
    const [row] = await tx.query<ReservationRow>(
      `SELECT * FROM reservation WHERE tenant = $1 AND station_id = $2 AND evse_number = $3 AND status = ANY ($4)
       ORDER BY requested_at LIMIT 1`,
      [tenant, stationId, evseNumber, OPEN_RESERVATION],
    );
    return row;
  }

  /** By the number the station says; else the one that its holder has here and that was not over by then. */
  async lockClaimed(tx: Tx, tenant: string, claim: ReservationClaim): Promise<ReservationRow | undefined> {
    const { stationId, number } = claim;
    if (number !== undefined) return this.lockByNumber(tx, tenant, stationId, number);
    return lockHeld(tx, tenant, claim);
  }

  async save(tx: Tx, tenant: string, row: ReservationRow): Promise<void> {
    await tx.query(
      `UPDATE reservation SET status = $3, reason = $4, session_id = $5, ended_at = $6, version = $7,
         due_at = CASE WHEN $3 = ANY ($8) THEN due_at END, held = $9
       WHERE tenant = $1 AND id = $2`,
      [
        tenant,
        row.id,
        row.status,
        row.reason,
        row.session_id,
        row.ended_at,
        row.version,
        OPEN_RESERVATION,
        row.held,
      ],
    );
  }

  /** Of all tenants, locked. */
  takeDue(tx: Tx, now: Date, limit: number): Promise<ReservationRow[]> {
    return tx.query<ReservationRow>(
      'SELECT * FROM reservation WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED',
      [now, limit],
    );
  }

  /** Latest first. */
  list(
    tx: Tx,
    tenant: string,
    filter: ReservationFilter,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<ReservationRow[]> {
    const [requestedAt, id] = page.after ?? [];
    return tx.query<ReservationRow>(
      `SELECT * FROM reservation WHERE tenant = $1 AND ($2::uuid IS NULL OR station_id = $2::uuid)
         AND ($3::text IS NULL OR account_id = $3::text) AND ($4::text IS NULL OR status = $4::text)
         AND ($5::timestamptz IS NULL OR (requested_at, id) < ($5::timestamptz, $6::uuid))
       ORDER BY requested_at DESC, id DESC LIMIT $7`,
      [
        tenant,
        filter.stationId ?? null,
        filter.accountId ?? null,
        filter.status ?? null,
        requestedAt ?? null,
        id ?? null,
        page.limit,
      ],
    );
  }
}

/** Starts of stations that share a transaction ask together: hardly any of them has a reservation. */
const lockHeld = gathered<ReservationClaim, ReservationRow>(
  ({ stationId }) => stationId,
  async (tx, tenant, claims) => {
    const rows = await tx.query<ReservationRow>(
      `SELECT held.* FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::timestamptz[])
           AS claim (station_id, evse_number, token_hash, account_id, at)
         CROSS JOIN LATERAL (SELECT * FROM reservation r
           WHERE r.tenant = $1 AND r.station_id = claim.station_id AND r.evse_number = claim.evse_number
             AND (r.token_hash = claim.token_hash OR (claim.account_id <> '' AND r.account_id = claim.account_id))
             AND r.status = ANY ($7) AND r.requested_at <= claim.at + ${CLOCK_TOLERANCE}
           ORDER BY r.requested_at LIMIT 1 FOR UPDATE) held`,
      [
        tenant,
        pgArray.uuid(claims.map(({ stationId }) => stationId)),
        pgArray.int4(claims.map(({ evseNumber }) => evseNumber)),
        pgArray.text(claims.map(({ tokenHash }) => tokenHash)),
        pgArray.text(claims.map(({ accountId }) => accountId)),
        pgArray.timestamptz(claims.map(({ at }) => at)),
        OPEN_RESERVATION,
      ],
    );
    return new Map(rows.map((row) => [row.station_id, row]));
  },
);
