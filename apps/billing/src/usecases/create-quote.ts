import { Inject, Injectable } from '@nestjs/common';
import { notFound, precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal } from '@kilowatch/platform';
import { lockQuote } from '../domain/quote.js';
import { placeOfConnector } from '../persistence/place.repository.js';
import { insertQuote, type QuoteRecord } from '../persistence/quote.repository.js';
import { findVersionAt } from '../persistence/tariff-version.repository.js';
import { sessionTariff } from './session-tariff.js';
import { sha256 } from './sha256.js';

@Injectable()
export class CreateQuote {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** The price of a session that would start now. NOT_FOUND for an unknown connector, PRECONDITION without a tariff. */
  async run(principal: Principal, connectorId: string): Promise<QuoteRecord> {
    const { tenant, accountId } = principal;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const place = await placeOfConnector(tx, tenant, connectorId);
      if (place === undefined) throw notFound('BILLING_CONNECTOR', 'There is no such connector.');
      const { timeZone } = place;
      const now = this.clock.now();
      // A price for whoever asks: which card they will show is not known before they do.
      const facts = {
        TOKEN: undefined,
        DRIVER: accountId,
        STATION: place.stationId,
        LOCATION: place.locationId,
      };
      const tariffId = await sessionTariff(tx, tenant, facts, now);
      const tariff =
        tariffId === undefined ? undefined : await findVersionAt(tx, tenant, { tariffId, at: now, now });
      if (!tariff) throw precondition('BILLING_NO_TARIFF', 'There is no price for this connector yet.');
      const { document, version: tariffVersion } = tariff;
      const quote = lockQuote({ id: this.ids.newId(), document, tariffVersion, timeZone, now }, sha256);
      const record: QuoteRecord = {
        tenant,
        id: quote.id,
        accountId,
        connectorId,
        sessionId: undefined,
        tariffId: quote.tariffId,
        tariffVersion,
        tariffName: tariff.name,
        currency: quote.currency,
        timeZone,
        document,
        hash: quote.hash,
        quotedAt: now,
        expiresAt: quote.expiresAt,
        lockedAt: undefined,
      };
      await insertQuote(tx, record.tenant, record);
      return record;
    });
  }
}
