import { Inject, Injectable } from '@nestjs/common';
import { precondition, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import { type TariffRequest, tariffDocument } from '@kilowatch/pricing';
import { beginOf } from '../domain/tariff-plan.js';
import { findTariffSource } from '../persistence/tariff-source.repository.js';
import { lockTariffs } from '../persistence/tariff.repository.js';
import { JudgeTariffs, type Finding } from './judge-tariffs.js';
import { PublishTariff, type AppliedTariff, type Publisher } from './publish-tariff.js';

export interface ApplyOptions {
  readonly isDefault?: boolean | undefined;
  /** Now unless said otherwise; a later moment plans the version. */
  readonly validFrom?: Date | undefined;
}

export interface JudgedTariff extends AppliedTariff {
  /** What the laws on prices say of it at the places it is assigned to. */
  readonly findings: readonly Finding[];
}

@Injectable()
export class ApplyTariff {
  constructor(
    private readonly database: Database,
    private readonly tariffs: PublishTariff,
    private readonly judge: JudgeTariffs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Makes the tariff be so from a moment on: a new version when anything but the default changed, nothing when nothing did. The first
   * tariff becomes the default unless told otherwise; a default is replaced, never taken away.
   */
  async run(by: Publisher, request: TariffRequest, options: ApplyOptions = {}): Promise<JudgedTariff> {
    const { name, document } = tariffDocument(request);
    const { id, currency } = request;
    return this.database.transaction(tenantScope(by.tenant), async (tx) => {
      lockTariffs(tx, by.tenant);
      if (await findTariffSource(tx, by.tenant, id))
        throw precondition(
          'BILLING_TARIFF_MADE',
          'The versions of this tariff are made from its source: change that, or remove it first.',
        );
      const now = this.clock.now();
      const validFrom = beginOf(options.validFrom, now);
      const { isDefault } = options;
      const findings = await this.judge.beforeApply(tx, by.tenant, id, document);
      const applied = await this.tariffs.publish(
        tx,
        { tenant: by.tenant, accountId: by.accountId },
        { id, name, currency, document, note: '', validFrom, isDefault },
        now,
      );
      return { ...applied, findings };
    });
  }
}
