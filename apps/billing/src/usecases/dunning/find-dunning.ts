import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import { usualDunning, type DunningSettings } from '../../domain/dunning-settings.js';
import { dunningSettings } from '../../persistence/dunning-settings.repository.js';
import { findDefaultTariff } from '../../persistence/tariff.repository.js';
import { SELLER, type Seller } from '../seller.js';

/** How a tenant asks for what is overdue: as it has said, else as is usual. */
@Injectable()
export class FindDunning {
  constructor(@Inject(SELLER) private readonly seller: Seller) {}

  async of(tx: Tx, tenant: string): Promise<DunningSettings> {
    const said = await dunningSettings(tx, tenant, 'latest');
    if (said) return said;
    const currency = (await findDefaultTariff(tx, tenant))?.currency ?? 'EUR';
    return usualDunning(currency, this.seller.timeZone);
  }
}
