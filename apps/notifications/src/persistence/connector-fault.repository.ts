import type { Tx } from '@kilowatch/platform';

/**
 * Takes over whether a connector is faulty. True when this is the beginning of a fault: it was not faulty before, and
 * nothing newer is known. Serialised by the row.
 */
export async function recordConnectorState(
  tx: Tx,
  tenant: string,
  connectorId: string,
  faulted: boolean,
  version: number,
): Promise<boolean> {
  const rows = await tx.query<{ began: boolean }>(
    `with held as (
        select faulted, version from connector_fault where tenant = $1 and connector_id = $2 for update
      ), saved as (
        insert into connector_fault as kept (tenant, connector_id, faulted, version) values ($1, $2, $3, $4)
        on conflict on constraint connector_fault_pk do update set faulted = excluded.faulted, version = excluded.version
        where kept.version < excluded.version
        returning 1
      )
      select $3::boolean and not coalesce((select faulted from held), false) as began from saved`,
    [tenant, connectorId, faulted, version],
  );
  return rows[0]?.began ?? false;
}
