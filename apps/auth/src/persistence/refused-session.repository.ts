import { gathered } from '@kilowatch/platform';

export interface ToldRefusedSession {
  readonly sessionId: string;
  readonly stationId: string;
  readonly evseNumber: number;
  /** Undefined: of a token that nobody has. */
  readonly tokenId: string | undefined;
  readonly since: Date;
  /** Goes on, and its token is still refused. */
  readonly waits: boolean;
  /** Its token is refused, whether it goes on or not. */
  readonly refused: boolean;
  readonly version: number;
}

/**
 * Takes over what sessions said unless a newer version is held. Of sessions that were never refused there is no row. The end of a refused
 * one is kept even when nothing was known of it, and what `open_session` has from a later version counts too: an earlier word of its
 * waiting, told late or again, must not make an EVSE wait for nobody.
 */
export const saveRefusedSession = gathered(
  ({ sessionId }: ToldRefusedSession) => sessionId,
  async (tx, tenant, sessions) => {
    await tx.query(
      `insert into refused_session as held (tenant, session_id, station_id, evse_number, token_id, since, waits, version)
        select $1, session_id, station_id, evse_number, token_id, since, waits, version
          from unnest($2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::timestamptz[], $7::bool[], $8::bigint[], $9::bool[])
            as told(session_id, station_id, evse_number, token_id, since, waits, version, refused)
          where (told.refused or exists (select 1 from refused_session r where r.tenant = $1 and r.session_id = told.session_id))
            and not exists (select 1 from open_session o
              where o.tenant = $1 and o.session_id = told.session_id and o.version > told.version)
        on conflict on constraint refused_session_pk do update set evse_number = excluded.evse_number,
          token_id = excluded.token_id, waits = excluded.waits, version = excluded.version
        where held.version < excluded.version`,
      [
        tenant,
        sessions.map(({ sessionId }) => sessionId),
        sessions.map(({ stationId }) => stationId),
        sessions.map(({ evseNumber }) => evseNumber),
        sessions.map(({ tokenId }) => tokenId ?? null),
        sessions.map(({ since }) => since),
        sessions.map(({ waits }) => waits),
        sessions.map(({ version }) => version),
        sessions.map(({ refused }) => refused),
      ],
    );
  },
);
