import type { Tx } from '@kilowatch/platform';
import type { UpgradeState, UpgradeStep } from '../domain/security-upgrade.js';

export interface SecurityUpgrade {
  readonly tenant: string;
  readonly id: string;
  readonly stationId: string;
  readonly fromProfile: number;
  readonly toProfile: number;
  readonly state: UpgradeState;
  readonly step: UpgradeStep;
  /** 2.x: slot of the new network profile. */
  readonly networkSlot: number | null;
  /** The profile that the station was told to come with; 0 before it was. */
  readonly stageProfile: number;
  /** 2.x: NetworkConfigurationPriority as it was. */
  readonly previous: string;
  readonly problem: string;
  /** Of the present step. */
  readonly attempts: number;
  /** Of the present step. */
  readonly deadlineAt: Date;
  readonly requestedBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

interface Row {
  tenant: string;
  id: string;
  station_id: string;
  from_profile: number;
  to_profile: number;
  state: UpgradeState;
  step: UpgradeStep;
  network_slot: number | null;
  stage_profile: number;
  previous: string;
  problem: string;
  attempts: number;
  deadline_at: Date;
  requested_by: string;
  created_at: Date;
  updated_at: Date;
  version: string;
}

/** Rejects with a unique violation of `security_upgrade_running` when one runs. */
export async function insertUpgrade(tx: Tx, upgrade: SecurityUpgrade, dueAt: Date): Promise<void> {
  await tx.query(
    `insert into security_upgrade (tenant, id, station_id, from_profile, to_profile, state, step, stage_profile, due_at,
        deadline_at, requested_by, created_at, updated_at, version)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, 1)`,
    [
      upgrade.tenant,
      upgrade.id,
      upgrade.stationId,
      upgrade.fromProfile,
      upgrade.toProfile,
      upgrade.state,
      upgrade.step,
      upgrade.stageProfile,
      dueAt,
      upgrade.deadlineAt,
      upgrade.requestedBy,
      upgrade.createdAt,
    ],
  );
}

export async function takeUpgrades(tx: Tx, now: Date, limit: number): Promise<SecurityUpgrade[]> {
  const rows = await tx.query<Row>(
    'select * from security_upgrade where due_at <= $1 order by due_at limit $2 for update skip locked',
    [now, limit],
  );
  return rows.map(toUpgrade);
}

export async function leaseUpgrade(tx: Tx, { tenant, id }: SecurityUpgrade, until: Date): Promise<void> {
  await tx.query(
    'update security_upgrade set due_at = $3, attempts = attempts + 1 where tenant = $1 and id = $2',
    [tenant, id, until],
  );
}

/** Only while it is at the version that was read: an arrival may have moved it on. False: it was. */
export async function saveUpgrade(
  tx: Tx,
  upgrade: SecurityUpgrade,
  dueAt: Date | null,
  now: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `update security_upgrade set state = $3, step = $4, network_slot = $5, stage_profile = $6, previous = $7, problem = $8,
        attempts = $9, deadline_at = $10, due_at = $11, updated_at = $12, version = version + 1
      where tenant = $1 and id = $2 and version = $13 returning 1`,
    [
      upgrade.tenant,
      upgrade.id,
      upgrade.state,
      upgrade.step,
      upgrade.networkSlot,
      upgrade.stageProfile,
      upgrade.previous,
      upgrade.problem,
      upgrade.attempts,
      upgrade.deadlineAt,
      dueAt,
      now,
      upgrade.version,
    ],
  );
  return rows.length > 0;
}

/** The station is back. One that is being worked on has a lease, which ends much later than any wait. */
export async function hurryUpgrade(tx: Tx, tenant: string, stationId: string, now: Date): Promise<void> {
  await tx.query(
    `update security_upgrade set due_at = $3 where tenant = $1 and station_id = $2 and state = 'RUNNING'
        and due_at > $3 and due_at < $3 + interval '20 seconds'`,
    [tenant, stationId, now],
  );
}

export async function findUpgrade(tx: Tx, tenant: string, id: string): Promise<SecurityUpgrade | undefined> {
  const rows = await tx.query<Row>('select * from security_upgrade where tenant = $1 and id = $2', [
    tenant,
    id,
  ]);
  return rows[0] && toUpgrade(rows[0]);
}

/** The latest of each station. */
export async function latestUpgrades(
  tx: Tx,
  tenant: string,
  stationIds: readonly string[],
): Promise<SecurityUpgrade[]> {
  const rows = await tx.query<Row>(
    `select distinct on (station_id) * from security_upgrade where tenant = $1 and station_id = any($2)
      order by station_id, created_at desc, id desc`,
    [tenant, stationIds],
  );
  return rows.map(toUpgrade);
}

function toUpgrade(row: Row): SecurityUpgrade {
  return {
    tenant: row.tenant,
    id: row.id,
    stationId: row.station_id,
    fromProfile: row.from_profile,
    toProfile: row.to_profile,
    state: row.state,
    step: row.step,
    networkSlot: row.network_slot,
    stageProfile: row.stage_profile,
    previous: row.previous,
    problem: row.problem,
    attempts: row.attempts,
    deadlineAt: row.deadline_at,
    requestedBy: row.requested_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: Number(row.version),
  };
}
