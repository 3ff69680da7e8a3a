import { gathered, type Tx } from '@kilowatch/platform';

export interface UnallowedSession {
  readonly sessionId: string;
  readonly stationId: string;
  readonly tokenId: string;
  readonly tokenMasked: string;
  readonly startedAt: Date;
}

export interface CompleteSession extends UnallowedSession {
  readonly energyMwh: number;
}

interface Row {
  session_id: string;
  station_id: string | null;
  token_id: string | null;
  token_masked: string | null;
  started_at: Date | null;
  energy_mwh: string | null;
}

/** One half of it; the whole when the other half was known already. Either may come first. */
export async function noteUnallowed(
  tx: Tx,
  tenant: string,
  session: UnallowedSession,
  now: Date,
): Promise<CompleteSession | undefined> {
  const rows = await tx.query<Row>(
    `insert into attempt_session (tenant, session_id, station_id, token_id, token_masked, started_at, noted_at)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict on constraint attempt_session_pk do update set station_id = excluded.station_id,
        token_id = excluded.token_id, token_masked = excluded.token_masked, started_at = excluded.started_at
      returning *`,
    [
      tenant,
      session.sessionId,
      session.stationId,
      session.tokenId || null,
      session.tokenMasked,
      session.startedAt,
      now,
    ],
  );
  return rows[0] && complete(rows[0]);
}

export interface MeteredEnergy {
  readonly sessionId: string;
  readonly energyMwh: number;
  readonly now: Date;
}

/** The other half, of every session: which were not allowed may not be known yet. */
export const noteEnergy = gathered<MeteredEnergy, CompleteSession>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, metered) => {
    const rows = await tx.query<Row>(
      `insert into attempt_session (tenant, session_id, energy_mwh, noted_at)
        select $1, * from unnest($2::uuid[], $3::bigint[], $4::timestamptz[])
        on conflict on constraint attempt_session_pk do update set energy_mwh = excluded.energy_mwh
        returning *`,
      [
        tenant,
        metered.map(({ sessionId }) => sessionId),
        metered.map(({ energyMwh }) => energyMwh),
        metered.map(({ now }) => now),
      ],
    );
    return new Map(
      rows.flatMap((row): [string, CompleteSession][] => {
        const whole = complete(row);
        return whole ? [[row.session_id, whole]] : [];
      }),
    );
  },
);

function complete(row: Row): CompleteSession | undefined {
  const { station_id: stationId, started_at: startedAt, energy_mwh: energyMwh } = row;
  if (stationId === null || startedAt === null || energyMwh === null) return undefined;
  return {
    sessionId: row.session_id,
    stationId,
    tokenId: row.token_id ?? '',
    tokenMasked: row.token_masked ?? '',
    startedAt,
    energyMwh: Number(energyMwh),
  };
}
