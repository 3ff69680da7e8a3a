import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { precondition, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Tx } from '@kilowatch/platform';
import { type TariffRequest, tariffDocument } from '@kilowatch/pricing';
import { canonicalJson } from '../domain/canonical-json.js';
import { lockSettling, wakeUnpriced } from '../persistence/billed-session.repository.js';
import {
  findDefaultTariff,
  findTariffs,
  insertTariffVersion,
  lockTariffs,
  setDefaultTariff,
  touchTariff,
  type CurrentTariff,
} from '../persistence/tariff.repository.js';
import { sha256 } from './sha256.js';
import { tariffMessage } from './tariff-message.js';

export interface AppliedTariff {
  readonly tariff: CurrentTariff;
  readonly changed: boolean;
}

@Injectable()
export class ApplyTariff {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Makes the tariff be so: a new version when anything but the default changed, nothing when nothing did. The first
   * tariff becomes the default unless told otherwise; a default is replaced, never taken away.
   */
  async run(tenant: string, request: TariffRequest, isDefault: boolean | undefined): Promise<AppliedTariff> {
    const { name, document } = tariffDocument(request);
    const fingerprint = sha256(canonicalJson({ name, document }));
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      lockTariffs(tx, tenant);
      const [held] = await findTariffs(tx, tenant, [request.id]);
      const former = await findDefaultTariff(tx, tenant);
      if (isDefault === false && held?.isDefault) {
        throw precondition('BILLING_DEFAULT_NEEDED', 'Make another tariff the default instead.');
      }
      const isNew = held?.fingerprint !== fingerprint;
      const takesOver = (isDefault ?? former === undefined) && !held?.isDefault;
      if (held && !isNew && !takesOver) return { tariff: held, changed: false };
      const version = (held?.version ?? 0) + (isNew ? 1 : 0);
      const at = this.clock.now();
      if (isNew) {
        const { id, currency } = request;
        await insertTariffVersion(tx, {
          tenant,
          id,
          version,
          name,
          currency,
          document,
          fingerprint,
          validFrom: at,
        });
      }
      await touchTariff(tx, { tenant, id: request.id, version, changedAt: at });
      if (takesOver) await this.makeDefault(tx, tenant, request.id, former);
      // A session being held for want of a tariff this very moment must be committed, or it would be missed.
      lockSettling(tx, tenant);
      await wakeUnpriced(tx, tenant, at);
      return { tariff: await this.announce(tx, tenant, request.id), changed: true };
    });
  }

  private async makeDefault(
    tx: Tx,
    tenant: string,
    tariffId: string,
    former: CurrentTariff | undefined,
  ): Promise<void> {
    const at = this.clock.now();
    await setDefaultTariff(tx, tenant, tariffId, at);
    if (former) {
      await touchTariff(tx, { tenant, id: former.id, version: former.version, changedAt: at });
      await this.announce(tx, tenant, former.id);
    }
  }

  private async announce(tx: Tx, tenant: string, id: string): Promise<CurrentTariff> {
    const tariff = (await findTariffs(tx, tenant, [id]))[0]!;
    tx.publish(events.tariffChanged, {
      aggregateId: tariff.id,
      aggregateVersion: tariff.revision,
      occurredAt: tariff.changedAt,
      payload: { tariff: tariffMessage(tariff) },
    });
    return tariff;
  }
}
