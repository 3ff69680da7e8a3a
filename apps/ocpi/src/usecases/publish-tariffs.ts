import { Inject, Injectable } from '@nestjs/common';
import { tenantId } from '@kilowatch/kernel';
import type { Page } from '../domain/page.js';
import type { Partner } from '../domain/partner.js';
import { tariffObject } from '../domain/tariff.js';
import { BILLING, type BillingClient } from '../peers.js';
import { OwnParty } from './own-party.js';

/** Tariffs as partners see them. */
@Injectable()
export class PublishTariffs {
  constructor(
    private readonly own: OwnParty,
    @Inject(BILLING) private readonly billing: BillingClient,
  ) {}

  async list(partner: Partner, page: Page): Promise<{ objects: object[]; total: number }> {
    const { offset, limit, from: dateFrom, to: dateTo } = page;
    const request = { offset, limit, dateFrom, dateTo, fitting: true };
    const answer = await this.billing.listTariffs(request, {
      tenant: tenantId(partner.tenant),
      idempotent: true,
    });
    return {
      objects: answer.tariffs.map((tariff) => tariffObject(tariff, this.own.party)),
      total: answer.total,
    };
  }
}
