import { Inject, Injectable } from '@nestjs/common';
import { conflict, isAppError, notFound, precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, LOGGER, tenantScope, type Logger, type Tx } from '@kilowatch/platform';
import type { Credentials } from '../domain/credentials.js';
import { TOKEN_BYTES, type Partner } from '../domain/partner.js';
import { insertToken, keepOnly, spendToken } from '../persistence/partner-token.repository.js';
import { findPartner, lockRegistration, saveRegistration } from '../persistence/partner.repository.js';
import { OwnParty } from './own-party.js';
import { PartnerClient, type Offered } from './partner-client.js';
import { registrationOf } from './registration-of.js';
import { TokenVault } from './token-vault.js';

interface Rotation {
  readonly tenant: string;
  readonly id: string;
  /** Theirs as it is kept: what it was when we began. */
  readonly sealed: Buffer;
  readonly ourToken: string;
}

/** Only these say that the partner kept what it had; after anything else it may have changed over. */
const KEPT = new Set(['OCPI_PARTNER_401', 'OCPI_PARTNER_REFUSED']);

/**
 * New tokens both ways, by PUT (docs/ocpi-notes.md C4). The partner calls our versions with the new token inside that request,
 * and its answer may get lost after it changed over: so our new token opens everything before we PUT, and the old one goes only
 * with the partner's answer. Without one both stay, and either is good until the next rotation.
 */
@Injectable()
export class RotateCredentials {
  constructor(
    private readonly database: Database,
    private readonly client: PartnerClient,
    private readonly vault: TokenVault,
    private readonly own: OwnParty,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** PRECONDITION when the partner is not registered, not understood or refuses; CONFLICT when another rotation was faster. */
  async run(tenant: string, id: string): Promise<Partner> {
    const { versionsUrl, theirToken: sealed } = await this.registration(tenant, id);
    const token = this.vault.open(sealed, id);
    const offered = await this.client.discover(versionsUrl, token);
    const rotation: Rotation = { tenant, id, sealed, ourToken: this.ids.token(TOKEN_BYTES) };
    await this.inTenant(tenant, (tx) => this.issue(tx, rotation));
    const theirs = await this.client
      .putCredentials(offered, token, this.own.credentials(rotation.ourToken))
      .catch((error: unknown) => this.failed(rotation, error));
    const partner = await this.inTenant(tenant, (tx) => this.finish(tx, rotation, theirs, offered));
    this.log.info({ partnerId: id }, 'credentials of a partner rotated');
    return partner;
  }

  private registration(tenant: string, id: string) {
    return this.inTenant(tenant, (tx) => this.registered(tx, tenant, id));
  }

  private async registered(tx: Tx, tenant: string, id: string) {
    const found = await lockRegistration(tx, tenant, id);
    if (found) return found;
    if (!(await findPartner(tx, tenant, id))) throw notFound('OCPI_PARTNER', 'There is no such partner.');
    throw precondition('OCPI_NOT_REGISTERED', 'This partner is not registered.');
  }

  /** For a partner that is still there: it may have been removed while we asked for its versions. */
  private async issue(tx: Tx, { tenant, id, ourToken }: Rotation): Promise<void> {
    await this.registered(tx, tenant, id);
    const sealed = this.vault.seal(ourToken, id);
    const hash = this.vault.hash(ourToken);
    await insertToken(tx, { tenant, hash, partnerId: id, purpose: 'FINAL', sealed }, this.clock.now());
  }

  private async failed({ tenant, id, ourToken }: Rotation, error: unknown): Promise<never> {
    if (isAppError(error) && KEPT.has(error.code)) {
      await this.inTenant(tenant, (tx) => spendToken(tx, tenant, this.vault.hash(ourToken)));
    } else {
      this.log.warn({ err: error, partnerId: id }, 'no answer to a rotation: two tokens are valid');
    }
    throw error;
  }

  private async finish(tx: Tx, rotation: Rotation, theirs: Credentials, offered: Offered): Promise<Partner> {
    const { tenant, id, sealed, ourToken } = rotation;
    const now = await this.registered(tx, tenant, id);
    if (!now.theirToken.equals(sealed)) {
      throw conflict('OCPI_ROTATED_MEANWHILE', 'The credentials of this partner changed meanwhile.');
    }
    await keepOnly(tx, tenant, id, this.vault.hash(ourToken));
    await saveRegistration(
      tx,
      tenant,
      id,
      registrationOf(theirs, offered, this.vault.seal(theirs.token, id), this.clock.now()),
    );
    return (await findPartner(tx, tenant, id))!;
  }

  private inTenant<T>(tenant: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(tenantScope(tenant), fn);
  }
}
