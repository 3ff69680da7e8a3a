import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type ConfigOf } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { OCPI_VERSION } from '../domain/credentials.js';
import type { Party } from '../domain/values.js';

/** Who we are to partners and where they find what. */
@Injectable()
export class OwnParty {
  readonly party: Party;
  readonly currency: string;
  private readonly base: string;
  private readonly businessName: string;

  constructor(@Inject(CONFIG) config: ConfigOf<typeof configShape>) {
    this.party = { countryCode: config.KW_OCPI_COUNTRY_CODE, partyId: config.KW_OCPI_PARTY_ID };
    this.currency = config.KW_OCPI_CURRENCY;
    this.base = `${config.KW_OCPI_PUBLIC_URL.replace(/\/+$/, '')}/ocpi`;
    this.businessName = config.KW_OCPI_BUSINESS_NAME;
  }

  get versionsUrl(): string {
    return `${this.base}/versions`;
  }

  endpoint(module: string): string {
    return `${this.base}/${OCPI_VERSION}/${module}`;
  }

  versions() {
    return [{ version: OCPI_VERSION, url: `${this.base}/${OCPI_VERSION}` }];
  }

  /** Credentials twice: the role has no meaning there, but some partners look for one (docs/ocpi-notes.md C7). */
  versionDetails() {
    const sender = (module: string) => ({ identifier: module, role: 'SENDER', url: this.endpoint(module) });
    return {
      version: OCPI_VERSION,
      endpoints: [
        sender('credentials'),
        { identifier: 'credentials', role: 'RECEIVER', url: this.endpoint('credentials') },
        ...['locations', 'tariffs', 'sessions', 'cdrs'].map(sender),
      ],
    };
  }

  credentials(token: string) {
    const { countryCode, partyId } = this.party;
    return {
      token,
      url: this.versionsUrl,
      roles: [
        {
          role: 'CPO',
          business_details: { name: this.businessName },
          party_id: partyId,
          country_code: countryCode,
        },
      ],
    };
  }
}
