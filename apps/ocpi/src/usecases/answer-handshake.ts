import { Inject, Injectable } from '@nestjs/common';
import {
  invalid,
  isAppError,
  precondition,
  unauthenticated,
  type Clock,
  type IdSource,
} from '@kilowatch/kernel';
import { CLOCK, Database, IDS, LOGGER, tenantScope, type Logger, type Tx } from '@kilowatch/platform';
import { credentialsSchema, type Credentials } from '../domain/credentials.js';
import { assertMethod, TOKEN_BYTES } from '../domain/partner.js';
import { insertToken, keepOnly, replaceToken, spendToken } from '../persistence/partner-token.repository.js';
import { findPartner, removePartner, saveRegistration } from '../persistence/partner.repository.js';
import type { Caller } from './authenticate-partner.js';
import { OwnParty } from './own-party.js';
import { PartnerClient, type Offered } from './partner-client.js';
import { registrationOf } from './registration-of.js';
import { TokenVault } from './token-vault.js';

/** A partner's side of no common ground keeps its own code; anything else on the way is 3001 (docs/ocpi-notes.md C2). */
const COMMON_GROUND = new Set(['OCPI_VERSION', 'OCPI_ENDPOINTS']);

/**
 * Our side of a handshake that a partner starts. The partner is asked for its versions first; then one transaction spends
 * token A, stores theirs and makes a new one. Until its commit the old tokens hold (docs/ocpi-notes.md C8). The token a PUT came with is
 * good for another PUT until the new one is used: our answer may get lost, and the partner has nothing else to come back with.
 */
@Injectable()
export class AnswerHandshake {
  constructor(
    private readonly database: Database,
    private readonly client: PartnerClient,
    private readonly vault: TokenVault,
    private readonly own: OwnParty,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** GET: what we gave this caller. */
  current({ partner, sealed }: Caller) {
    return this.own.credentials(this.vault.open(sealed, partner.id));
  }

  /** POST and PUT. Returns our credentials with the caller's new token. */
  async exchange(caller: Caller, method: 'POST' | 'PUT', body: unknown) {
    assertMethod(caller.purpose, method);
    const theirs = parsed(body);
    const offered = await this.discover(theirs);
    const token = this.ids.token(TOKEN_BYTES);
    const { tenant } = caller.partner;
    await this.database.transaction(tenantScope(tenant), (tx) =>
      this.register(tx, caller, theirs, offered, token),
    );
    this.log.info({ partnerId: caller.partner.id, method }, 'partner registered');
    return this.own.credentials(token);
  }

  async end(caller: Caller): Promise<void> {
    assertMethod(caller.purpose, 'DELETE');
    const { tenant, id } = caller.partner;
    await this.database.transaction(tenantScope(tenant), (tx) => removePartner(tx, tenant, id));
    this.log.info({ partnerId: id }, 'partner ended the connection');
  }

  private async discover(theirs: Credentials): Promise<Offered> {
    try {
      return await this.client.discover(theirs.url, theirs.token);
    } catch (error) {
      if (isAppError(error) && COMMON_GROUND.has(error.code)) throw error;
      throw precondition('OCPI_CLIENT_API', 'We could not use your versions endpoint.', undefined, error);
    }
  }

  private async register(
    tx: Tx,
    caller: Caller,
    theirs: Credentials,
    offered: Offered,
    token: string,
  ): Promise<void> {
    const { tenant, id } = caller.partner;
    await findPartner(tx, tenant, id, true);
    await giveUp(tx, caller);
    const at = this.clock.now();
    const hash = this.vault.hash(token);
    await insertToken(
      tx,
      { tenant, hash, partnerId: id, purpose: 'FINAL', sealed: this.vault.seal(token, id) },
      at,
    );
    await saveRegistration(
      tx,
      tenant,
      id,
      registrationOf(theirs, offered, this.vault.seal(theirs.token, id), at),
    );
  }
}

/** Throws UNAUTHENTICATED when the token died meanwhile: two at once with the same token A, or a partner that was removed. */
async function giveUp(tx: Tx, { partner: { tenant, id }, purpose, hash }: Caller): Promise<void> {
  const was =
    purpose === 'REGISTRATION'
      ? (await spendToken(tx, tenant, hash)) && purpose
      : await replaceToken(tx, tenant, hash);
  if (!was) throw unauthenticated('OCPI_TOKEN', 'The token is not known.');
  // A rotation of ours that got no answer may have left a second one. What the same token gave before may be the one that arrived.
  if (was === 'FINAL') await keepOnly(tx, tenant, id, hash);
}

function parsed(body: unknown): Credentials {
  const result = credentialsSchema.safeParse(body);
  if (result.success) return result.data;
  const paths = result.error.issues.map((issue) => issue.path.join('.') || 'roles');
  throw invalid('OCPI_CREDENTIALS', `These credentials are not valid: ${[...new Set(paths)].join(', ')}.`);
}
