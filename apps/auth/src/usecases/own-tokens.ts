import { Inject, Injectable } from '@nestjs/common';
import { invalid, notFound, precondition, storableText, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal, type SortKey, type Tx } from '@kilowatch/platform';
import {
  findOpenSessions,
  findTokenHolders,
  listTokenUses,
  saveHolderBlock,
  saveTokenName,
  type TokenHolder,
  type TokenUse,
} from '../persistence/token-holder.repository.js';
import { lockToken, type Token, type TokenStatus } from '../persistence/token.repository.js';
import { actorOf, AuditLog } from './audit-log.js';
import { storeToken } from './store-token.js';

export type { TokenHolder, TokenUse };

const LONGEST_NAME = 60;

/** What holders do with their own tokens: name them, block and unblock them, see who used them. */
@Injectable()
export class OwnTokens {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  holders(tenant: string, tokenIds: readonly string[]): Promise<Map<string, TokenHolder>> {
    return this.database.read(tenantScope(tenant), (tx) => findTokenHolders(tx, tenant, tokenIds));
  }

  openSessions(tenant: string, tokenIds: readonly string[]): Promise<Map<string, string[]>> {
    return this.database.read(tenantScope(tenant), (tx) => findOpenSessions(tx, tenant, tokenIds));
  }

  uses(
    { tenant, accountId }: Principal,
    tokenId: string | undefined,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<TokenUse[]> {
    return this.database.read(tenantScope(tenant), (tx) =>
      listTokenUses(tx, { tenant, accountId, tokenId }, page),
    );
  }

  async rename(principal: Principal, tokenId: string, wanted: string): Promise<Token> {
    const name = storableText(wanted).trim();
    if (name.length > LONGEST_NAME)
      throw invalid('AUTH_TOKEN_NAME', `A name has ${LONGEST_NAME} characters at most.`);
    return this.change(principal, tokenId, async (tx, token) => {
      await saveTokenName(tx, token.tenant, tokenId, name);
      return token;
    });
  }

  /** Nothing starts with it any more; a session that runs goes on until somebody stops it. Again: nothing changes. */
  block(principal: Principal, tokenId: string, reason: string, address: string | undefined): Promise<Token> {
    return this.change(principal, tokenId, async (tx, token) => {
      if (token.status !== 'ACTIVE') return token;
      await saveHolderBlock(tx, token.tenant, tokenId, true);
      return this.setStatus(tx, principal, token, { status: 'BLOCKED', reason, address });
    });
  }

  /** PRECONDITION when it was somebody else who blocked it, or it has expired. */
  unblock(principal: Principal, tokenId: string, address: string | undefined): Promise<Token> {
    return this.change(principal, tokenId, async (tx, token) => {
      if (token.status === 'ACTIVE') return token;
      const holder = (await findTokenHolders(tx, token.tenant, [tokenId])).get(tokenId);
      if (token.status !== 'BLOCKED' || !holder?.blocked)
        throw precondition(
          'AUTH_TOKEN_NOT_YOURS',
          'Your operator blocked this one, or it has expired: ask there.',
        );
      await saveHolderBlock(tx, token.tenant, tokenId, false);
      return this.setStatus(tx, principal, token, {
        status: 'ACTIVE',
        reason: 'unblocked by its holder',
        address,
      });
    });
  }

  private async setStatus(
    tx: Tx,
    principal: Principal,
    token: Token,
    to: { status: TokenStatus; reason: string; address: string | undefined },
  ): Promise<Token> {
    const { tenant, id, version, status: from } = token;
    const statusReason = `${to.reason.trim()} (${principal.accountId})`.slice(0, 500);
    const changed = { ...token, status: to.status, statusReason, version: version + 1 };
    await storeToken(tx, changed, this.clock.now());
    await this.audit.write(tx, {
      tenant,
      by: actorOf(principal, to.address),
      action: 'token.status_set',
      target: { kind: 'token', id },
      reason: to.reason,
      details: { from, to: to.status },
    });
    return changed;
  }

  private change(
    { tenant, accountId }: Principal,
    tokenId: string,
    fn: (tx: Tx, token: Token) => Promise<Token>,
  ): Promise<Token> {
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const token = await lockToken(tx, tenant, tokenId);
      if (token?.accountId !== accountId) throw notFound('AUTH_TOKEN', 'There is no such token.');
      return fn(tx, token);
    });
  }
}
