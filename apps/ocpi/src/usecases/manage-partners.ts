import { Inject, Injectable } from '@nestjs/common';
import { invalid, notFound, type Clock, type IdSource } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  IDS,
  LOGGER,
  partyLimit,
  tenantScope,
  type Logger,
  type Principal,
  type SortKey,
} from '@kilowatch/platform';
import { credentialsEndpoint } from '../domain/credentials.js';
import { TOKEN_BYTES, type Partner } from '../domain/partner.js';
import { insertToken } from '../persistence/partner-token.repository.js';
import { findPartner, listPartners, removePartner, theirToken } from '../persistence/partner.repository.js';
import { addPartner } from './add-partner.js';
import { OwnParty } from './own-party.js';
import { PartnerClient } from './partner-client.js';
import { TokenVault } from './token-vault.js';

/** What operators do about partners: see, invite, remove. */
@Injectable()
export class ManagePartners {
  constructor(
    private readonly database: Database,
    private readonly client: PartnerClient,
    private readonly vault: TokenVault,
    private readonly own: OwnParty,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** All of the tenant; for somebody of a partner, that partner. */
  list(
    principal: Principal,
    page: { readonly limit: number; readonly after: SortKey | undefined },
  ): Promise<Partner[]> {
    const { tenant } = principal;
    const party = partyLimit(principal, 'partners:read');
    return this.database.read(tenantScope(tenant), (tx) => listPartners(tx, tenant, page, party));
  }

  /** A partner that may register with us, and its token A: not shown again. */
  async invite(
    tenant: string,
    name: string,
    seesOwnFleet: boolean,
  ): Promise<{ partner: Partner; versionsUrl: string; tokenA: string }> {
    const id = this.ids.newId();
    const tokenA = this.ids.token(TOKEN_BYTES);
    const at = this.clock.now();
    const partner = await this.database.transaction(tenantScope(tenant), async (tx) => {
      await addPartner(tx, { tenant, id, name: checkedName(name), seesOwnFleet, createdAt: at });
      const sealed = this.vault.seal(tokenA, id);
      await insertToken(
        tx,
        { tenant, hash: this.vault.hash(tokenA), partnerId: id, purpose: 'REGISTRATION', sealed },
        at,
      );
      return findPartner(tx, tenant, id);
    });
    return { partner: partner!, versionsUrl: this.own.versionsUrl, tokenA };
  }

  /** Ends traffic both ways at once, then tells the partner if it can be reached. Again: nothing more happens. */
  async remove(tenant: string, id: string): Promise<Partner> {
    const scope = tenantScope(tenant);
    const before = await this.database.transaction(scope, async (tx) => {
      const partner = await findPartner(tx, tenant, id, true);
      if (!partner) throw notFound('OCPI_PARTNER', 'There is no such partner.');
      const token = await theirToken(tx, tenant, id);
      await removePartner(tx, tenant, id);
      return { partner, token };
    });
    if (before.token) await this.sayGoodbye(before.partner, this.vault.open(before.token, id));
    return { ...before.partner, state: 'REMOVED' };
  }

  private async sayGoodbye(partner: Partner, token: string): Promise<void> {
    try {
      await this.client.deleteCredentials(
        credentialsEndpoint(partner.endpoints),
        token,
        partner.tokenEncoding,
      );
    } catch (err) {
      this.log.warn({ err, partnerId: partner.id }, 'partner could not be told of its removal');
    }
  }
}

export function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length < 1 || trimmed.length > 100)
    throw invalid('OCPI_NAME', 'A name has 1 to 100 characters.');
  return trimmed;
}
