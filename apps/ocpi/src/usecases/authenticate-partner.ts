import { Inject, Injectable } from '@nestjs/common';
import { unauthenticated, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, SYSTEM_SCOPE, tenantScope } from '@kilowatch/platform';
import { assertOpens, type Area, type Partner, type TokenPurpose } from '../domain/partner.js';
import { presentedTokens } from '../domain/presented-token.js';
import { endReplaced, findToken } from '../persistence/partner-token.repository.js';
import { findPartner, noteRequest } from '../persistence/partner.repository.js';
import { TokenVault } from './token-vault.js';

/** A partner that showed a valid token. */
export interface Caller {
  readonly partner: Partner;
  readonly purpose: TokenPurpose;
  readonly hash: Buffer;
  readonly sealed: Buffer;
  /** The partner has a token that a newer one replaced. */
  readonly replaces: boolean;
}

const NOTE_EVERY_MS = 60_000;

/** Finds out who asks by the token. UNAUTHENTICATED for a missing or unknown one, or one that does not open the area. */
@Injectable()
export class AuthenticatePartner {
  constructor(
    private readonly database: Database,
    private readonly vault: TokenVault,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(authorization: string | undefined, area: Area): Promise<Caller> {
    const hashes = presentedTokens(authorization).map((token) => this.vault.hash(token));
    const caller = hashes.length > 0 ? await this.find(hashes) : undefined;
    if (!caller) throw unauthenticated('OCPI_TOKEN', 'The token is missing or not known.');
    assertOpens(caller.purpose, area);
    // T17: hubs look at versions every few minutes to see whether we are there. That writes nothing.
    if (area !== 'versions') await this.note(caller.partner);
    // It got our answer to its PUT. (Inside a handshake a partner may look at versions with a token that it does not keep.)
    if (area === 'functional' && caller.replaces) await this.endReplaced(caller.partner, caller.hash);
    return caller;
  }

  private find(hashes: readonly Buffer[]): Promise<Caller | undefined> {
    return this.database.read(SYSTEM_SCOPE, async (tx) => {
      const token = await findToken(tx, hashes);
      const partner = token && (await findPartner(tx, token.tenant, token.partnerId));
      if (!partner || partner.state === 'REMOVED') return undefined;
      const { purpose, hash, sealed, replaces } = token;
      return { partner, purpose, hash, sealed, replaces };
    });
  }

  private async note(partner: Partner): Promise<void> {
    const now = this.clock.now();
    if (partner.lastRequestAt && now.getTime() - partner.lastRequestAt.getTime() < NOTE_EVERY_MS) return;
    await this.database.transaction(tenantScope(partner.tenant), (tx) =>
      noteRequest(tx, partner.tenant, partner.id, now),
    );
  }

  private endReplaced({ tenant, id }: Partner, hash: Buffer): Promise<void> {
    return this.database.transaction(tenantScope(tenant), (tx) => endReplaced(tx, tenant, id, hash));
  }
}
