import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { invalid, isAppError, maskToken, notFound, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Tx } from '@kilowatch/platform';
import { checkedTokenValue, tokenKey } from '../domain/token-key.js';
import { findAccountByEmail } from '../persistence/account.repository.js';
import {
  findAppToken,
  findTokens,
  findTokensByKey,
  saveToken,
  type Token,
  type TokenStatus,
} from '../persistence/token.repository.js';

export type { TokenStatus };

export interface TokenInput {
  readonly value: string;
  readonly type?: string | null;
  readonly accountEmail?: string | null;
  readonly expiresAt?: Date | null;
  readonly groupId?: string | null;
  readonly allowConcurrent?: boolean | null;
  readonly status?: TokenStatus | null;
}

export interface ImportResult {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly problems: readonly { index: number; code: string; message: string }[];
}

const MOST_AT_ONCE = 500;
/** OCPP 2.0.1 IdTokenEnumType without the ones nobody can hold (Central is ours, NoAuthorization is nothing). */
const TYPES = ['ISO14443', 'ISO15693', 'KeyCode', 'Local', 'MacAddress', 'eMAID', 'Central'];

/** Cards and other tokens of a tenant: created or updated by value, each entry on its own. */
@Injectable()
export class ImportTokens {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async run(tenant: string, inputs: readonly TokenInput[]): Promise<ImportResult> {
    if (inputs.length > MOST_AT_ONCE)
      throw invalid('AUTH_IMPORT_SIZE', `At most ${MOST_AT_ONCE} tokens at a time.`);
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const counts = { created: 0, updated: 0, unchanged: 0 };
      const problems: { index: number; code: string; message: string }[] = [];
      for (const [index, input] of inputs.entries()) {
        try {
          counts[await this.one(tx, tenant, input)] += 1;
        } catch (error) {
          if (!isAppError(error)) throw error;
          problems.push({ index, code: error.code, message: error.publicText });
        }
      }
      return { ...counts, problems };
    });
  }

  async setStatus(tenant: string, tokenId: string, status: TokenStatus, reason: string): Promise<Token> {
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const [token] = await findTokens(tx, tenant, [tokenId]);
      if (!token) throw notFound('AUTH_TOKEN', 'There is no such token.');
      if (token.status === status) return token;
      const changed = { ...token, status, statusReason: reason.slice(0, 500), version: token.version + 1 };
      await this.save(tx, changed);
      return changed;
    });
  }

  /** The token a driver's app starts sessions with. 19 characters, so that a 1.6 idTag (20) holds it. */
  async appToken(tenant: string, accountId: string): Promise<Token> {
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const found = await findAppToken(tx, tenant, accountId);
      if (found) return found;
      const value = `APP${this.ids.token(12).replace(/[-_]/g, 'X').toUpperCase().slice(0, 16)}`;
      const token = this.newToken(tenant, { value, type: 'Central' }, accountId, true);
      await this.save(tx, token);
      return token;
    });
  }

  private async one(tx: Tx, tenant: string, input: TokenInput): Promise<'created' | 'updated' | 'unchanged'> {
    const value = checkedTokenValue(input.value);
    const type = input.type ?? 'ISO14443';
    if (!TYPES.includes(type)) throw invalid('AUTH_TOKEN_TYPE', `type must be one of ${TYPES.join(', ')}.`);
    const accountId = input.accountEmail ? await this.accountOf(tx, tenant, input.accountEmail) : undefined;
    const [held] = await findTokensByKey(tx, tenant, [tokenKey(value)]);
    const wanted = this.newToken(tenant, { ...input, value, type }, accountId, false);
    if (!held) {
      await this.save(tx, wanted);
      return 'created';
    }
    const changed: Token = {
      ...held,
      type,
      status: input.status ?? held.status,
      expiresAt: input.expiresAt === undefined ? held.expiresAt : (input.expiresAt ?? undefined),
      groupId: input.groupId ?? held.groupId,
      allowConcurrent: input.allowConcurrent ?? held.allowConcurrent,
      accountId: accountId ?? held.accountId,
    };
    if (JSON.stringify(changed) === JSON.stringify(held)) return 'unchanged';
    await this.save(tx, { ...changed, version: held.version + 1 });
    return 'updated';
  }

  private async accountOf(tx: Tx, tenant: string, email: string): Promise<string> {
    const account = await findAccountByEmail(tx, tenant, email.trim().toLowerCase());
    if (!account) throw notFound('AUTH_ACCOUNT', `There is no account with the address ${email}.`);
    return account.id;
  }

  private newToken(tenant: string, input: TokenInput, accountId: string | undefined, isApp: boolean): Token {
    return {
      tenant,
      id: this.ids.newId(),
      value: input.value,
      valueKey: tokenKey(input.value),
      type: input.type ?? 'ISO14443',
      status: input.status ?? 'ACTIVE',
      expiresAt: input.expiresAt ?? undefined,
      groupId: input.groupId ?? '',
      allowConcurrent: input.allowConcurrent ?? false,
      accountId,
      isApp,
      statusReason: '',
      version: 1,
      createdAt: this.clock.now(),
    };
  }

  private async save(tx: Tx, token: Token): Promise<void> {
    await saveToken(tx, token);
    tx.publish(events.tokenChanged, {
      aggregateId: token.id,
      aggregateVersion: token.version,
      occurredAt: this.clock.now(),
      payload: {
        tokenId: token.id,
        accountId: token.accountId ?? '',
        masked: maskToken(token.value),
        type: token.type,
        status: token.status,
        expiresAt: token.expiresAt,
        groupId: token.groupId,
      },
    });
  }
}
