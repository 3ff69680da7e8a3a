import { Inject, Injectable } from '@nestjs/common';
import { notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import { tariffChanges } from '../domain/tariff-changes.js';
import { checkWithdrawal, stateOf, type VersionState } from '../domain/tariff-plan.js';
import { lockTariffs } from '../persistence/tariff.repository.js';
import { wakeSourcesOfTariff } from '../persistence/tariff-source.repository.js';
import {
  historyOf,
  insertWithdrawal,
  type VersionInHistory,
} from '../persistence/tariff-version.repository.js';

export interface TariffVersionView extends Omit<VersionInHistory, 'before'> {
  readonly state: VersionState;
  /** In words, against what was to be valid before it. */
  readonly changes: readonly string[];
}

/** What was published of a tariff and is to come, and taking back what has not begun. */
@Injectable()
export class PlanTariffs {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Latest published first. */
  async history(
    { tenant }: Principal,
    tariffId: string,
    page: { readonly limit: number; readonly below: number | undefined },
  ): Promise<TariffVersionView[]> {
    const found = await this.database.read(tenantScope(tenant), (tx) =>
      historyOf(tx, tenant, tariffId, page),
    );
    return found.map((one) => this.viewOf(one));
  }

  /** NOT_FOUND, PRECONDITION when it has begun or was withdrawn before. Prices of sessions and quotes stay what they are. */
  async withdraw(
    { tenant, accountId }: Principal,
    { tariffId, version }: { readonly tariffId: string; readonly version: number },
  ): Promise<TariffVersionView> {
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      lockTariffs(tx, tenant);
      const find = () => historyOf(tx, tenant, tariffId, { limit: 1, version });
      const [held] = await find();
      if (!held) throw notFound('BILLING_TARIFF_VERSION', 'The tariff has no such version.');
      const at = this.clock.now();
      checkWithdrawal(held, at);
      await insertWithdrawal(tx, { tenant, tariffId, version, at, by: accountId });
      await wakeSourcesOfTariff(tx, tenant, tariffId, at);
      return this.viewOf((await find())[0]!);
    });
  }

  private viewOf({ before, ...version }: VersionInHistory): TariffVersionView {
    return {
      ...version,
      state: stateOf(version, this.clock.now()),
      changes: tariffChanges(before, version),
    };
  }
}
