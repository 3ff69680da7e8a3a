import { Inject, Injectable } from '@nestjs/common';
import { conflict, notFound, precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import {
  checkedContract,
  checkedText,
  decidedRequest,
  LONGEST_NOTE,
  MOST_WAITING,
  type ContractRequest,
  type WantedContract,
} from '../domain/contract-request.js';
import {
  insertRequest,
  lockRequest,
  saveDecidedRequest,
  waitingRequests,
} from '../persistence/contract-request.repository.js';
import { emaidKeyOf } from '../persistence/contract-view.repository.js';
import { saveHolderBlock, saveTokenName } from '../persistence/token-holder.repository.js';
import { findTokensByKey, lockToken, type Token, type TokenStatus } from '../persistence/token.repository.js';
import { announceDecidedRequest } from './announce-contract.js';
import { actorOf, AuditLog } from './audit-log.js';
import { ImportTokens } from './import-tokens.js';
import { storeToken } from './store-token.js';
import { isContractType, TokenKeys } from './token-keys.js';

const EMAID = 'eMAID';

/**
 * Drivers ask for contracts of Plug & Charge to be added to their account or taken off it; operators decide. That somebody knows the
 * number of a contract makes it nobody's: `ContractProof` says whether a car showed its certificate since, and the operator judges.
 */
@Injectable()
export class ContractRequests {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly keys: TokenKeys,
    private readonly imports: ImportTokens,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Asked again while it waits, it is the same request. Whether somebody else has the contract is not told. */
  add(principal: Principal, wanted: WantedContract, address?: string): Promise<ContractRequest> {
    const { emaid, name, note } = checkedContract(wanted);
    return this.transaction(principal, async (tx) => {
      const [held] = await findTokensByKey(tx, principal.tenant, [this.keys.of(emaid.key, EMAID)]);
      if (held?.accountId === principal.accountId)
        throw precondition('AUTH_CONTRACT_HELD', 'This contract is on your account already.');
      return this.ask(tx, principal, {
        kind: 'ADD',
        tokenId: undefined,
        emaid: wanted.emaid.trim().toUpperCase(),
        emaidKey: emaid.key,
        ...{ name, note, address },
      });
    });
  }

  /** NOT_FOUND when the contract is not the principal's own. */
  remove(
    principal: Principal,
    { contractId, note }: { contractId: string; note?: string | null },
    address?: string,
  ): Promise<ContractRequest> {
    const kept = checkedText(note, LONGEST_NOTE, 'A note');
    return this.transaction(principal, async (tx) => {
      const token = await this.contract(tx, principal.tenant, contractId);
      if (token.accountId !== principal.accountId) throw noContract();
      return this.ask(tx, principal, {
        kind: 'REMOVE',
        tokenId: token.id,
        emaid: token.value,
        emaidKey: emaidKeyOf(token),
        ...{ name: '', note: kept, address },
      });
    });
  }

  withdraw(principal: Principal, id: string, address?: string): Promise<ContractRequest> {
    return this.transaction(principal, async (tx) => {
      const request = await this.request(tx, principal.tenant, id);
      if (request.accountId !== principal.accountId) throw noRequest();
      return this.settle(tx, principal, request, { state: 'WITHDRAWN', reason: '', address });
    });
  }

  /** CONFLICT when the contract that is to be added is on another account: take it off there first. */
  decide(
    principal: Principal,
    { id, approve, reason }: { id: string; approve: boolean; reason: string },
    address?: string,
  ): Promise<ContractRequest> {
    return this.transaction(principal, async (tx) => {
      const request = await this.request(tx, principal.tenant, id);
      const said = checkedText(reason, LONGEST_NOTE, 'A reason');
      if (!approve) return this.settle(tx, principal, request, { state: 'DECLINED', reason: said, address });
      // Once more: what was done stays done, and is not done again.
      const tokenId = request.state === 'WAITING' ? await this.carryOut(tx, principal, request) : undefined;
      return this.settle(tx, principal, request, { state: 'APPROVED', reason: said, address, tokenId });
    });
  }

  /** By an operator. INVALID without a reason: it is kept. */
  async setStatus(
    principal: Principal,
    { contractId, status, reason }: { contractId: string; status: TokenStatus; reason: string },
    address?: string,
  ): Promise<Token> {
    await this.transaction(principal, (tx) => this.contract(tx, principal.tenant, contractId));
    return this.imports.setStatus(principal, { tokenId: contractId, status, reason }, address);
  }

  private async ask(
    tx: Tx,
    principal: Principal,
    wanted: Pick<ContractRequest, 'kind' | 'tokenId' | 'emaid' | 'emaidKey' | 'name' | 'note'> & {
      address: string | undefined;
    },
  ): Promise<ContractRequest> {
    const { tenant, accountId } = principal;
    const { address, ...what } = wanted;
    // Two requests at the same moment would both find room.
    tx.lock(`contract-requests|${tenant}|${accountId}`);
    const waiting = await waitingRequests(tx, tenant, accountId);
    const same = waiting.find(({ emaidKey }) => emaidKey === what.emaidKey);
    if (same) return same;
    if (waiting.length >= MOST_WAITING)
      throw precondition(
        'AUTH_REQUESTS_WAIT',
        `${MOST_WAITING} of your requests wait already: withdraw one, or wait for an answer.`,
      );
    const request: ContractRequest = {
      ...what,
      id: this.ids.newId(),
      state: 'WAITING',
      accountId,
      createdAt: this.clock.now(),
      decidedBy: '',
      decidedAt: undefined,
      reason: '',
    };
    await insertRequest(tx, tenant, request);
    await this.note(tx, principal, request, {
      action: what.kind === 'ADD' ? 'contract.requested' : 'contract.removal_requested',
      reason: what.note,
      address,
    });
    return request;
  }

  private carryOut(tx: Tx, principal: Principal, request: ContractRequest): Promise<string> {
    return request.kind === 'ADD' ? this.give(tx, principal, request) : this.takeOff(tx, principal, request);
  }

  private async give(
    tx: Tx,
    { tenant }: Principal,
    { emaid, accountId, name }: ContractRequest,
  ): Promise<string> {
    const [held] = await findTokensByKey(tx, tenant, [this.keys.of(emaid, EMAID)]);
    if (held?.accountId && held.accountId !== accountId)
      throw conflict('AUTH_CONTRACT_TAKEN', 'This contract is on another account: take it off there first.');
    const input = { value: emaid, type: EMAID, status: 'ACTIVE' as const };
    const { token } = await this.imports.one(tx, tenant, input, accountId);
    if (name !== '') await saveTokenName(tx, tenant, token.id, name);
    return token.id;
  }

  /** Nothing starts on it any more, and nobody's account says that it is theirs. */
  private async takeOff(
    tx: Tx,
    { tenant, accountId: by }: Principal,
    { tokenId, accountId }: ContractRequest,
  ): Promise<string> {
    const token = await lockToken(tx, tenant, tokenId ?? '');
    if (!token || token.accountId !== accountId)
      throw conflict(
        'AUTH_CONTRACT_MOVED',
        'This contract is not on that account any more: decline the request.',
      );
    await saveHolderBlock(tx, tenant, token.id, false);
    await saveTokenName(tx, tenant, token.id, '');
    const removed: Token = {
      ...token,
      accountId: undefined,
      status: 'BLOCKED',
      statusReason: `taken off its account (${by})`,
      version: token.version + 1,
    };
    await storeToken(tx, removed, this.clock.now());
    return token.id;
  }

  private async settle(
    tx: Tx,
    principal: Principal,
    request: ContractRequest,
    to: {
      state: 'APPROVED' | 'DECLINED' | 'WITHDRAWN';
      reason: string;
      address: string | undefined;
      tokenId?: string | undefined;
    },
  ): Promise<ContractRequest> {
    const { state, reason, address, tokenId } = to;
    const at = this.clock.now();
    const decided = decidedRequest(request, { state, reason, tokenId, by: principal.accountId, at });
    if (decided === request) return request;
    await saveDecidedRequest(tx, principal.tenant, decided);
    announceDecidedRequest(tx, decided);
    await this.note(tx, principal, decided, { action: actionOf(decided), reason, address });
    return decided;
  }

  private note(
    tx: Tx,
    principal: Principal,
    { id, kind, tokenId, accountId }: ContractRequest,
    { action, reason, address }: { action: string; reason: string; address: string | undefined },
  ): Promise<void> {
    return this.audit.write(tx, {
      tenant: principal.tenant,
      by: actorOf(principal, address),
      action,
      target: { kind: 'contract_request', id },
      reason,
      details: { kind, accountId, ...(tokenId ? { tokenId } : {}) },
    });
  }

  private async contract(tx: Tx, tenant: string, id: string): Promise<Token> {
    const token = await lockToken(tx, tenant, id);
    if (!token || !isContractType(token.type)) throw noContract();
    return token;
  }

  private async request(tx: Tx, tenant: string, id: string): Promise<ContractRequest> {
    const request = await lockRequest(tx, tenant, id);
    if (!request) throw noRequest();
    return request;
  }

  private transaction<T>({ tenant }: Principal, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(tenantScope(tenant), fn);
  }
}

const ACTIONS = {
  APPROVED: { ADD: 'contract.added', REMOVE: 'contract.removed' },
  DECLINED: { ADD: 'contract.request_declined', REMOVE: 'contract.request_declined' },
  WITHDRAWN: { ADD: 'contract.request_withdrawn', REMOVE: 'contract.request_withdrawn' },
} as const;

function actionOf({ kind, state }: ContractRequest): string {
  return ACTIONS[state as keyof typeof ACTIONS][kind];
}

function noContract() {
  return notFound('AUTH_CONTRACT', 'There is no such contract.');
}

function noRequest() {
  return notFound('AUTH_CONTRACT_REQUEST', 'There is no such request.');
}
