import { Injectable } from '@nestjs/common';
import { invalid } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import type { Page } from '../domain/page.js';
import type { Partner } from '../domain/partner.js';
import { sessionObject } from '../domain/session.js';
import { listSessions } from '../persistence/roaming-session.repository.js';
import { OwnParty } from './own-party.js';

/**
 * Sessions of the partner's own tokens (S3). Every token is the operator's own yet, so only the operator's own eMSP
 * (`seesOwnFleet`) finds any; everyone else gets an empty list.
 */
@Injectable()
export class PublishSessions {
  constructor(
    private readonly own: OwnParty,
    private readonly database: Database,
  ) {}

  async list(partner: Partner, page: Page): Promise<{ objects: object[]; total: number }> {
    if (!page.from) throw invalid('OCPI_PAGE', 'date_from is required.');
    if (!partner.seesOwnFleet) return { objects: [], total: 0 };
    const { party, currency } = this.own;
    const { sessions, total } = await this.database.read(tenantScope(partner.tenant), (tx) =>
      listSessions(tx, partner.tenant, page),
    );
    return { objects: sessions.map((session) => sessionObject(session, party, currency)), total };
  }
}
