import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import type { CostAbility, CostWish } from '../domain/cost-display.js';
import type { StationOptions } from '../domain/station-options.js';

export interface StoredOptions extends StationOptions {
  readonly stationId: string;
  readonly protocol: string;
  readonly costAbility: CostAbility;
}

interface Row {
  readonly id: string;
  readonly protocol: string;
  readonly cost_wish: CostWish;
  readonly cost_able: boolean;
  readonly cost_currency: string;
  readonly remote_start_tag: string;
  readonly subprotocols: string;
  readonly pinged: boolean | null;
}

const COLUMNS = 'id, protocol, cost_wish, cost_able, cost_currency, remote_start_tag, subprotocols, pinged';

/** What operators set for single stations. */
@Injectable()
export class StationOptionsRepository {
  /** In the order of the database; unknown stations are missing. */
  async find(tx: Tx, tenant: string, stationIds: readonly string[]): Promise<StoredOptions[]> {
    const rows = await tx.query<Row>(
      `SELECT ${COLUMNS} FROM station WHERE tenant = $1 AND id = ANY ($2::uuid[])`,
      [tenant, stationIds],
    );
    return rows.map(optionsOf);
  }

  /** The row stays locked until the transaction ends. Undefined = unknown station. */
  async lock(tx: Tx, tenant: string, stationId: string): Promise<StoredOptions | undefined> {
    const rows = await tx.query<Row>(
      `SELECT ${COLUMNS} FROM station WHERE tenant = $1 AND id = $2 FOR UPDATE`,
      [tenant, stationId],
    );
    return rows[0] && optionsOf(rows[0]);
  }

  async save(tx: Tx, tenant: string, stationId: string, options: StationOptions): Promise<void> {
    await tx.query(
      `UPDATE station SET cost_wish = $3, remote_start_tag = $4, subprotocols = $5, pinged = $6
       WHERE tenant = $1 AND id = $2`,
      [
        tenant,
        stationId,
        options.costWish,
        options.remoteStartTag,
        options.subprotocols.join(','),
        options.pinged,
      ],
    );
  }

  async saveCostAbility(tx: Tx, tenant: string, stationId: string, ability: CostAbility): Promise<void> {
    await tx.query(
      `UPDATE station SET cost_able = $3, cost_currency = $4 WHERE tenant = $1 AND id = $2
         AND (cost_able, cost_currency) IS DISTINCT FROM ($3, $4)`,
      [tenant, stationId, ability.able, ability.currency],
    );
  }
}

function optionsOf(row: Row): StoredOptions {
  return {
    stationId: row.id,
    protocol: row.protocol,
    costWish: row.cost_wish,
    costAbility: { able: row.cost_able, currency: row.cost_currency },
    remoteStartTag: row.remote_start_tag,
    subprotocols: row.subprotocols === '' ? [] : row.subprotocols.split(','),
    pinged: row.pinged,
  };
}
