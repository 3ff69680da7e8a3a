import { Inject, Injectable } from '@nestjs/common';
import { conflict, invalid, isAppError, notFound, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import { checkedLimits, NO_LIMITS, type TokenLimits } from '../domain/token-limits.js';
import { checkedTokenValue } from '../domain/token-value.js';
import { findAccountByEmail, findExternalAccountsByEmail } from '../persistence/account.repository.js';
import { findTokensByKey, lockToken, type Token, type TokenStatus } from '../persistence/token.repository.js';
import { removeUnknown } from '../persistence/unknown-token.repository.js';
import { announceContractStatus } from './announce-contract.js';
import { actorOf, AuditLog } from './audit-log.js';
import { KeyedHash } from './keyed-hash.js';
import { findTokenHolders, saveHolderBlock } from '../persistence/token-holder.repository.js';
import { storeToken } from './store-token.js';
import { isContractType, TokenKeys } from './token-keys.js';

export type { TokenStatus };

export interface TokenInput {
  readonly value: string;
  readonly type?: string | null;
  readonly accountEmail?: string | null;
  readonly expiresAt?: Date | null;
  readonly groupId?: string | null;
  readonly allowConcurrent?: boolean | null;
  /** Where, on what and when it may charge; null takes all limits away. */
  readonly limits?: Partial<{ [K in keyof TokenLimits]: TokenLimits[K] | null }> | null;
  readonly prepaid?: boolean | null;
  readonly status?: TokenStatus | null;
}

export interface ImportResult {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly problems: readonly { index: number; code: string; message: string }[];
}

export interface ImportedToken {
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly token: Token;
}

const MOST_AT_ONCE = 500;
/** OCPP 2.x IdTokenEnumType without NoAuthorization, which nobody can hold. */
const TYPES = [
  'ISO14443',
  'ISO15693',
  'KeyCode',
  'Local',
  'MacAddress',
  'EVCCID',
  'VIN',
  'eMAID',
  'DirectPayment',
  'Central',
];

export function isTokenType(type: string): boolean {
  return TYPES.includes(type);
}

/** Cards and other tokens of a tenant: created or updated by value, each entry on its own. */
@Injectable()
export class ImportTokens {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly keys: TokenKeys,
    private readonly hash: KeyedHash,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async run(principal: Principal, inputs: readonly TokenInput[], address?: string): Promise<ImportResult> {
    const { tenant } = principal;
    if (inputs.length > MOST_AT_ONCE)
      throw invalid('AUTH_IMPORT_SIZE', `At most ${MOST_AT_ONCE} tokens at a time.`);
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const counts = { created: 0, updated: 0, unchanged: 0 };
      const problems: { index: number; code: string; message: string }[] = [];
      for (const [index, input] of inputs.entries()) {
        try {
          counts[(await this.one(tx, tenant, input)).outcome] += 1;
        } catch (error) {
          if (!isAppError(error)) throw error;
          problems.push({ index, code: error.code, message: error.publicText });
        }
      }
      if (counts.created + counts.updated > 0) {
        await this.audit.write(tx, {
          tenant,
          by: actorOf(principal, address),
          action: 'token.imported',
          target: { kind: 'token', id: 'several' },
          details: counts,
        });
      }
      return { ...counts, problems };
    });
  }

  async setStatus(
    principal: Principal,
    wanted: { tokenId: string; status: TokenStatus; reason: string },
    address?: string,
  ): Promise<Token> {
    const { tenant } = principal;
    const { tokenId, status } = wanted;
    const reason = `${wanted.reason.trim()} (${principal.accountId})`;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const token = await lockToken(tx, tenant, tokenId);
      if (!token) throw notFound('AUTH_TOKEN', 'There is no such token.');
      // Whatever its holder did: from now on the operator's word counts.
      await saveHolderBlock(tx, tenant, tokenId, false);
      if (token.status === status) return token;
      const changed = { ...token, status, statusReason: reason.slice(0, 500), version: token.version + 1 };
      await this.save(tx, changed);
      if (isContractType(token.type)) {
        const holder = (await findTokenHolders(tx, tenant, [tokenId])).get(tokenId);
        announceContractStatus(tx, changed, holder?.name ?? '', this.clock.now());
      }
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'token.status_set',
        target: { kind: 'token', id: tokenId },
        reason: wanted.reason,
        details: { from: token.status, to: status },
      });
      return changed;
    });
  }

  /** Within the transaction of who takes the token in. `owner`: the account, in place of its address. */
  async one(tx: Tx, tenant: string, input: TokenInput, owner?: string): Promise<ImportedToken> {
    const value = checkedTokenValue(input.value);
    const type = input.type ?? 'ISO14443';
    if (!isTokenType(type)) throw invalid('AUTH_TOKEN_TYPE', `type must be one of ${TYPES.join(', ')}.`);
    const accountId =
      owner ?? (input.accountEmail ? await this.accountOf(tx, tenant, input.accountEmail) : undefined);
    const key = this.keys.of(value, type);
    const [held] = await findTokensByKey(tx, tenant, [key]);
    // Whatever a station called it when nobody had it.
    await removeUnknown(tx, tenant, this.keys.candidates(value, type).map((one) => this.hash.of(one))); // prettier-ignore
    const wanted = this.newToken(tenant, { ...input, value, type }, accountId);
    if (!held) {
      await this.save(tx, wanted);
      return { outcome: 'created', token: wanted };
    }
    const changed: Token = {
      ...held,
      type,
      status: input.status ?? held.status,
      expiresAt: input.expiresAt === undefined ? held.expiresAt : (input.expiresAt ?? undefined),
      groupId: input.groupId ?? held.groupId,
      allowConcurrent: input.allowConcurrent ?? held.allowConcurrent,
      limits: input.limits === undefined ? held.limits : limitsOf(input.limits),
      prepaid: input.prepaid ?? held.prepaid,
      accountId: accountId ?? held.accountId,
    };
    if (input.status) await saveHolderBlock(tx, tenant, held.id, false);
    if (JSON.stringify(changed) === JSON.stringify(held)) return { outcome: 'unchanged', token: held };
    const token = { ...changed, version: held.version + 1 };
    await this.save(tx, token);
    return { outcome: 'updated', token };
  }

  private async accountOf(tx: Tx, tenant: string, email: string): Promise<string> {
    const folded = email.trim().toLowerCase();
    const own = await findAccountByEmail(tx, tenant, folded);
    if (own) return own.id;
    const [external, another] = folded ? await findExternalAccountsByEmail(tx, tenant, folded) : [];
    if (another) throw conflict('AUTH_EMAIL_AMBIGUOUS', `Several accounts have the address ${email}.`);
    if (!external) throw notFound('AUTH_ACCOUNT', `There is no account with the address ${email}.`);
    return external.id;
  }

  private newToken(tenant: string, input: TokenInput, accountId: string | undefined): Token {
    const type = input.type ?? 'ISO14443';
    return {
      tenant,
      id: this.ids.newId(),
      value: this.keys.kept(input.value, type),
      valueKey: this.keys.of(input.value, type),
      type,
      status: input.status ?? 'ACTIVE',
      expiresAt: input.expiresAt ?? undefined,
      groupId: input.groupId ?? '',
      allowConcurrent: input.allowConcurrent ?? false,
      limits: limitsOf(input.limits ?? null),
      prepaid: input.prepaid ?? false,
      accountId,
      isApp: false,
      statusReason: '',
      version: 1,
      createdAt: this.clock.now(),
    };
  }

  private save(tx: Tx, token: Token): Promise<void> {
    return storeToken(tx, token, this.clock.now());
  }
}

function limitsOf(input: TokenInput['limits']): TokenLimits {
  if (!input) return NO_LIMITS;
  const { locationIds, powerTypes, hours } = input;
  return checkedLimits({
    locationIds: locationIds ?? [],
    powerTypes: powerTypes ?? [],
    hours: (hours ?? []).map(({ days, from, to }) => ({ days, from, to })),
  });
}
