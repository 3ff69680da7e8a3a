import { Inject, Injectable } from '@nestjs/common';
import { precondition, tokenKey, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope } from '@kilowatch/platform';
import { NO_LIMITS } from '../domain/token-limits.js';
import { APP_TOKEN_BYTES, appTokenValue } from '../domain/token-value.js';
import { lockAccount } from '../persistence/account.repository.js';
import { findAppToken, type Token } from '../persistence/token.repository.js';
import { storeToken } from './store-token.js';

/** The token a driver's app starts sessions with, made when it is first needed. */
@Injectable()
export class AppToken {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** NOT_FOUND without the account, PRECONDITION `AUTH_ACCOUNT_INACTIVE` when it is switched off. */
  async of(tenant: string, accountId: string): Promise<Token> {
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      // Locked: two first starts at once must not make two tokens.
      const account = await lockAccount(tx, tenant, accountId);
      if (!account.active) throw precondition('AUTH_ACCOUNT_INACTIVE', 'This account is switched off.');
      const found = await findAppToken(tx, tenant, accountId);
      if (found) return found;
      const value = appTokenValue(this.ids.token(APP_TOKEN_BYTES));
      const token: Token = {
        tenant,
        id: this.ids.newId(),
        value,
        valueKey: tokenKey(value),
        type: 'Central',
        status: 'ACTIVE',
        expiresAt: undefined,
        groupId: '',
        allowConcurrent: false,
        limits: NO_LIMITS,
        prepaid: false,
        accountId,
        isApp: true,
        statusReason: '',
        version: 1,
        createdAt: this.clock.now(),
      };
      await storeToken(tx, token, token.createdAt);
      return token;
    });
  }
}
