import { gathered } from '@kilowatch/platform';

export interface ConnectorState {
  readonly connectorId: string;
  readonly faulted: boolean;
  readonly version: number;
}

/**
 * Takes over whether a connector is faulty. True when this is the beginning of a fault: it was not faulty before, and
 * nothing newer is known.
 */
export const recordConnectorState = gathered<ConnectorState, true>(
  ({ connectorId }) => connectorId,
  async (tx, tenant, states) => {
    const ids = states.map(({ connectorId }) => connectorId);
    // In this order on the connection: what was held is read, with a lock, before it is written.
    const [held, saved] = await Promise.all([
      tx.query<{ connector_id: string; faulted: boolean }>(
        `select connector_id, faulted from connector_fault where tenant = $1 and connector_id = any($2::uuid[])
          order by connector_id for update`,
        [tenant, ids],
      ),
      tx.query<{ connector_id: string; faulted: boolean }>(
        `insert into connector_fault as kept (tenant, connector_id, faulted, version)
          select $1, * from unnest($2::uuid[], $3::bool[], $4::bigint[])
          on conflict on constraint connector_fault_pk do update set faulted = excluded.faulted, version = excluded.version
          where kept.version < excluded.version
          returning connector_id, faulted`,
        [tenant, ids, states.map(({ faulted }) => faulted), states.map(({ version }) => version)],
      ),
    ]);
    const faultedBefore = new Set(held.filter((row) => row.faulted).map((row) => row.connector_id));
    const began = saved.filter((row) => row.faulted && !faultedBefore.has(row.connector_id));
    return new Map(began.map((row) => [row.connector_id, true]));
  },
);
