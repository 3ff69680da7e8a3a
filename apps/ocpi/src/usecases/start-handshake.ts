import { Inject, Injectable } from '@nestjs/common';
import { precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, LOGGER, tenantScope, type Logger } from '@kilowatch/platform';
import type { Credentials } from '../domain/credentials.js';
import { TOKEN_BYTES, type Partner } from '../domain/partner.js';
import { insertToken, makeFinal } from '../persistence/partner-token.repository.js';
import { findPartner, removePartner, saveRegistration } from '../persistence/partner.repository.js';
import { checkedName } from './manage-partners.js';
import { addPartner } from './add-partner.js';
import { OwnParty } from './own-party.js';
import { PartnerClient, type Offered } from './partner-client.js';
import { registrationOf } from './registration-of.js';
import { TokenVault } from './token-vault.js';

/**
 * A handshake that we start with a partner's token A (docs/ocpi-notes.md C3). Our token B is committed before we POST,
 * because the partner calls our versions with it inside that request; it opens nothing else until the partner's answer
 * is stored.
 */
@Injectable()
export class StartHandshake {
  constructor(
    private readonly database: Database,
    private readonly client: PartnerClient,
    private readonly vault: TokenVault,
    private readonly own: OwnParty,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Throws PRECONDITION when there is no common version or endpoint, or the partner refuses, or is removed meanwhile; a REMOVED row is all that is left then. */
  async run(
    tenant: string,
    input: { name: string; versionsUrl: string; tokenA: string; seesOwnFleet: boolean },
  ): Promise<Partner> {
    const name = checkedName(input.name);
    const offered = await this.client.discover(input.versionsUrl, input.tokenA);
    const tokenB = this.ids.token(TOKEN_BYTES);
    const id = await this.prepare(tenant, name, input.seesOwnFleet, tokenB);
    try {
      const theirs = await this.client.postCredentials(offered, input.tokenA, this.own.credentials(tokenB));
      return await this.finish(tenant, id, tokenB, theirs, offered);
    } catch (error) {
      await this.database.transaction(tenantScope(tenant), (tx) => removePartner(tx, tenant, id));
      throw error;
    }
  }

  private async prepare(
    tenant: string,
    name: string,
    seesOwnFleet: boolean,
    tokenB: string,
  ): Promise<string> {
    const id = this.ids.newId();
    const at = this.clock.now();
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      await addPartner(tx, { tenant, id, name, seesOwnFleet, createdAt: at });
      const sealed = this.vault.seal(tokenB, id);
      await insertToken(
        tx,
        { tenant, hash: this.vault.hash(tokenB), partnerId: id, purpose: 'HANDSHAKE', sealed },
        at,
      );
    });
    return id;
  }

  private async finish(
    tenant: string,
    id: string,
    tokenB: string,
    theirs: Credentials,
    offered: Offered,
  ): Promise<Partner> {
    const partner = await this.database.transaction(tenantScope(tenant), async (tx) => {
      if (!(await makeFinal(tx, tenant, this.vault.hash(tokenB))))
        throw precondition('OCPI_PARTNER_REMOVED', 'The partner was removed meanwhile.');
      await saveRegistration(
        tx,
        tenant,
        id,
        registrationOf(theirs, offered, this.vault.seal(theirs.token, id), this.clock.now()),
      );
      return findPartner(tx, tenant, id);
    });
    this.log.info({ partnerId: id }, 'registered with a partner');
    return partner!;
  }
}
