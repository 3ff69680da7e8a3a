import type { Tx } from '@kilowatch/platform';

/**
 * Takes over whether a connector is faulty. True when this is the beginning of a fault: it was not faulty before, and
 * nothing newer is known.
 */
export async function recordConnectorState(
  tx: Tx,
  tenant: string,
  connectorId: string,
  faulted: boolean,
  version: number,
): Promise<boolean> {
  const held = await tx.query<{ faulted: boolean }>(
    'select faulted from connector_fault where tenant = $1 and connector_id = $2 for update',
    [tenant, connectorId],
  );
  const saved = await tx.query(
    `insert into connector_fault as kept (tenant, connector_id, faulted, version) values ($1, $2, $3, $4)
      on conflict on constraint connector_fault_pk do update set faulted = excluded.faulted, version = excluded.version
      where kept.version < excluded.version
      returning 1`,
    [tenant, connectorId, faulted, version],
  );
  return saved.length > 0 && faulted && !(held[0]?.faulted ?? false);
}
