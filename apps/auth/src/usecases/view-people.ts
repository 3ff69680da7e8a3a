import { Injectable } from '@nestjs/common';
import { notFound } from '@kilowatch/kernel';
import {
  Database,
  may,
  mayOn,
  ownerLimit,
  tenantScope,
  type Principal,
  type SortKey,
  type Tx,
} from '@kilowatch/platform';
import { findAccounts, listAccounts, type Account, type Search } from '../persistence/account.repository.js';
import { listDecisions, type DecisionRow } from '../persistence/decision.repository.js';
import { findTokens, listTokens, type Token } from '../persistence/token.repository.js';
import { ExternalAccounts } from './external-accounts.js';

export type { Account, DecisionRow, Token };

export interface PageRequest {
  readonly first: number;
  readonly limit: number;
  readonly after: SortKey | undefined;
}

/** Reads for people: drivers see themselves and their own tokens, operators those of their tenant. */
@Injectable()
export class ViewPeople {
  constructor(
    private readonly database: Database,
    private readonly externals: ExternalAccounts,
  ) {}

  async me(principal: Principal): Promise<Account> {
    const { tenant, accountId, role, external } = principal;
    if (role === 'client') throw notFound('AUTH_ACCOUNT', 'A machine client has no account.');
    if (external) {
      const { issuer, subject, email, name } = external;
      return this.externals.seen(tenant, accountId, { issuer, subject, email, name, role });
    }
    const account = (await this.accounts(principal, [principal.accountId])).get(principal.accountId);
    if (!account) throw notFound('AUTH_ACCOUNT', 'There is no such account.');
    return account;
  }

  async accounts(principal: Principal, ids: readonly string[]): Promise<Map<string, Account>> {
    const wanted = ids.filter((accountId) => mayOn(principal, 'accounts:read', { accountId }));
    const found = await this.read(principal, (tx) => findAccounts(tx, principal.tenant, wanted));
    return new Map(found.map((account) => [account.id, account]));
  }

  async tokens(principal: Principal, ids: readonly string[]): Promise<Map<string, Token>> {
    const found = await this.read(principal, (tx) => findTokens(tx, principal.tenant, ids));
    const visible = found.filter((token) => mayOn(principal, 'tokens:read', token));
    return new Map(visible.map((token) => [token.id, token]));
  }

  listAccounts(principal: Principal, page: PageRequest, text: string | undefined) {
    return this.read(principal, (tx) => listAccounts(tx, principal.tenant, page, searchFor(principal, text)));
  }

  /** `ofAccount` narrows it; a driver's list is always narrowed to the driver. */
  listTokens(
    principal: Principal,
    page: PageRequest,
    filter: { ofAccount?: string; search?: string | undefined },
  ) {
    const accountId = ownerLimit(principal, 'tokens:read') ?? filter.ofAccount;
    return this.read(principal, (tx) =>
      listTokens(tx, principal.tenant, page, { accountId, search: searchFor(principal, filter.search) }),
    );
  }

  listDecisions(
    principal: Principal,
    page: PageRequest,
    stationId: string | undefined,
  ): Promise<DecisionRow[]> {
    return this.read(principal, (tx) => listDecisions(tx, principal.tenant, page, stationId));
  }

  private read<T>(principal: Principal, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.read(tenantScope(principal.tenant), fn);
  }
}

/** Who sees people masked finds them and their tokens by the whole text only: not letter by letter what the mask hides. */
function searchFor(principal: Principal, text: string | undefined): Search | undefined {
  return text ? { text: text.trim(), exact: !may(principal, 'personal:read') } : undefined;
}
