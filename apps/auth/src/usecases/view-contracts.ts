import { Injectable } from '@nestjs/common';
import { tokenKey } from '@kilowatch/kernel';
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
import { contractKey } from '../domain/contract-key.js';
import type { ContractRequest, ContractRequestState } from '../domain/contract-request.js';
import {
  listRequests,
  proofsOf,
  waitingRequests,
  type ContractProof,
} from '../persistence/contract-request.repository.js';
import {
  certificatesOf,
  emaidKeyOf,
  installationsOf,
  lastUsesOf,
  listContracts,
  type ContractPlace,
  type SeenCertificate,
} from '../persistence/contract-view.repository.js';
import { findTokens, type Token, type TokenStatus } from '../persistence/token.repository.js';
import { isContractType } from './token-keys.js';

export type { ContractPlace, ContractProof, SeenCertificate };

export interface ContractDetails {
  readonly certificates: readonly SeenCertificate[];
  readonly installations: readonly ContractPlace[];
  readonly lastUse: ContractPlace | undefined;
}

type Page = { readonly limit: number; readonly after: SortKey | undefined };

/** Contracts of Plug & Charge for people: drivers see their own, operators those of the tenant. */
@Injectable()
export class ViewContracts {
  constructor(private readonly database: Database) {}

  list(
    principal: Principal,
    page: Page,
    { status, search }: { status?: TokenStatus | undefined; search?: string | undefined },
  ): Promise<{ rows: Token[]; total: number }> {
    const { tenant } = principal;
    const accountId = ownerLimit(principal, 'contracts:read');
    // Who sees people masked finds a contract by the whole of it only.
    const exact = !may(principal, 'personal:read');
    const text = search?.trim() ?? '';
    const wanted = text === '' ? undefined : { text: exact ? contractKey(text) : tokenKey(text), exact };
    return this.read(principal, (tx) =>
      listContracts(tx, tenant, page, { accountId, status, search: wanted }),
    );
  }

  /** Those that are contracts, and that the principal may see. */
  async contracts(principal: Principal, ids: readonly string[]): Promise<Map<string, Token>> {
    const found = await this.read(principal, (tx) => findTokens(tx, principal.tenant, ids));
    const visible = found.filter(
      (token) => isContractType(token.type) && mayOn(principal, 'contracts:read', token),
    );
    return new Map(visible.map((token) => [token.id, token]));
  }

  /** Of contracts that the principal sees, by token. */
  async details(principal: Principal, contracts: readonly Token[]): Promise<Map<string, ContractDetails>> {
    const { tenant } = principal;
    const keys = contracts.map(emaidKeyOf);
    const ids = contracts.map(({ id }) => id);
    const [certificates, installations, uses] = await this.read(principal, (tx) =>
      Promise.all([
        certificatesOf(tx, tenant, keys),
        installationsOf(tx, tenant, keys),
        lastUsesOf(tx, tenant, ids),
      ]),
    );
    return new Map(
      contracts.map((contract) => {
        const key = emaidKeyOf(contract);
        const details: ContractDetails = {
          certificates: certificates.get(key) ?? [],
          installations: installations.get(key) ?? [],
          lastUse: uses.get(contract.id),
        };
        return [contract.id, details];
      }),
    );
  }

  requests(
    principal: Principal,
    page: Page,
    state: ContractRequestState | undefined,
  ): Promise<ContractRequest[]> {
    const accountId = ownerLimit(principal, 'contracts:read');
    return this.read(principal, (tx) => listRequests(tx, principal.tenant, page, { accountId, state }));
  }

  proofs(principal: Principal, requestIds: readonly string[]): Promise<Map<string, ContractProof>> {
    return this.read(principal, (tx) => proofsOf(tx, principal.tenant, requestIds));
  }

  /** Removals of the own contracts that wait, by token. */
  async removals(principal: Principal): Promise<Map<string, ContractRequest>> {
    const waiting = await this.read(principal, (tx) =>
      waitingRequests(tx, principal.tenant, principal.accountId),
    );
    return new Map(waiting.flatMap((one) => (one.tokenId ? [[one.tokenId, one] as const] : [])));
  }

  private read<T>(principal: Principal, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.read(tenantScope(principal.tenant), fn);
  }
}
