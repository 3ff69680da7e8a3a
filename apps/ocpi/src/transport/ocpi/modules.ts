import { Injectable } from '@nestjs/common';
import type { Page } from '../../domain/page.js';
import type { Partner } from '../../domain/partner.js';
import { PublishCdrs } from '../../usecases/publish-cdrs.js';
import { PublishLocations } from '../../usecases/publish-locations.js';
import { PublishSessions } from '../../usecases/publish-sessions.js';
import { PublishTariffs } from '../../usecases/publish-tariffs.js';

type List = (partner: Partner, page: Page) => Promise<{ objects: readonly object[]; total: number }>;

/** The sender interfaces by the name of their module. */
@Injectable()
export class Modules {
  readonly lists: Readonly<Record<string, List>>;

  constructor(
    readonly locations: PublishLocations,
    tariffs: PublishTariffs,
    sessions: PublishSessions,
    cdrs: PublishCdrs,
  ) {
    this.lists = {
      locations: (partner, page) => locations.list(partner, page),
      tariffs: (partner, page) => tariffs.list(partner, page),
      sessions: (partner, page) => sessions.list(partner, page),
      cdrs: (partner, page) => cdrs.list(partner, page),
    };
  }
}
