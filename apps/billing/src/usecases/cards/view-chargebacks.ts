import { Injectable } from '@nestjs/common';
import { isUuid, notFound } from '@kilowatch/kernel';
import { Database, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { UNDECIDED_STATES, type ChargebackState } from '../../domain/chargeback.js';
import {
  findChargebacks,
  listChargebacks,
  type ChargebackRecord,
} from '../../persistence/chargeback.repository.js';

export type { ChargebackRecord, ChargebackState };

/** Absent: any. */
export interface ChargebackQuery {
  readonly undecided: boolean;
  readonly state: ChargebackState | undefined;
  readonly accountId: string | undefined;
}

/** Chargebacks of a tenant, for operators; latest first. */
@Injectable()
export class ViewChargebacks {
  constructor(private readonly database: Database) {}

  list(
    { tenant }: Principal,
    { undecided, state, accountId }: ChargebackQuery,
    page: { limit: number; after: SortKey | undefined },
  ) {
    const wanted = state === undefined ? undefined : [state];
    const states = undecided
      ? (wanted ?? UNDECIDED_STATES).filter((one) => UNDECIDED_STATES.includes(one))
      : wanted;
    return this.database.read(tenantScope(tenant), (tx) =>
      listChargebacks(tx, tenant, { states, accountId }, page),
    );
  }

  /** Throws NOT_FOUND `BILLING_CHARGEBACK`. */
  async one({ tenant }: Principal, id: string): Promise<ChargebackRecord> {
    const [found] = isUuid(id)
      ? await this.database.read(tenantScope(tenant), (tx) => findChargebacks(tx, tenant, [id]))
      : [];
    if (!found) throw notFound('BILLING_CHARGEBACK', 'There is no such chargeback.');
    return found;
  }
}
