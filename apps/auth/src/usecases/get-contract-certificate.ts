import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { isAppError, type Clock } from '@kilowatch/kernel';
import { CLOCK, counter, Database, LOGGER, tenantScope, type Logger, type Tx } from '@kilowatch/platform';
import { deliveryOrder, nextDelivery, type PooledContract } from '../domain/contract-delivery.js';
import { contractKey } from '../domain/contract-key.js';
import { dropDeliveries, findDelivery, saveDelivery } from '../persistence/contract-delivery.repository.js';
import { saveInstallation } from '../persistence/contract-view.repository.js';
import { ContractPools } from './contract-pool/contract-pools.js';

export interface ContractQuestion {
  readonly stationId: string;
  readonly schemaVersion: string;
  readonly update: boolean;
  readonly exiRequest: string;
  readonly maxChains?: number | undefined;
  readonly prioritisedEmaids: readonly string[];
}

export interface ContractAnswer {
  readonly accepted: boolean;
  readonly exiResponse: string;
  readonly remaining?: number | undefined;
  readonly reasonCode: string;
  readonly reason: string;
}

/** How long a car may take to fetch all its contracts. */
const KEPT_MS = 10 * 60_000;

/**
 * Passes a car's request for its contract certificates to the tenant's pool, unread (OCPP 2.0.1 M01, M02). Never rejects because
 * of the pool: the station is answered Failed, with the reason.
 */
@Injectable()
export class GetContractCertificate {
  constructor(
    private readonly database: Database,
    private readonly pools: ContractPools,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async run(tenant: string, question: ContractQuestion): Promise<ContractAnswer> {
    const answer = await this.answer(tenant, question);
    counter('kw_auth_contract_requests_total').inc({
      outcome: answer.accepted ? 'accepted' : answer.reasonCode,
    });
    return answer;
  }

  private async answer(tenant: string, question: ContractQuestion): Promise<ContractAnswer> {
    if (!this.pools.of(tenant))
      return failed('NoContractPool', 'No contract pool is set up for this operator.');
    // Several contracts are for those who can ask for them (2.1).
    const several = question.maxChains !== undefined && question.maxChains > 1;
    if (several) {
      const held = await this.held(tenant, question);
      if (held) return held;
    }
    let contracts: readonly PooledContract[];
    try {
      contracts = await this.pools.of(tenant)!.contractsOf(question);
    } catch (err) {
      this.log.warn({ err, stationId: question.stationId }, 'the contract pool gave no certificate');
      const code = isAppError(err) ? err.code : '';
      return failed(REASONS[code] ?? 'PoolUnavailable', 'The contract pool cannot be asked now.');
    }
    const order = deliveryOrder(contracts, question);
    const next = nextDelivery(order, 0);
    if (!next) return failed('NoContract', 'The contract pool knows no contract of this car.');
    await this.keep(tenant, question, order, several && next.remaining > 0);
    return given(next.contract, question.maxChains === undefined ? undefined : next.remaining);
  }

  /** The same request again: the next contract (M01.FR.05). */
  private held(tenant: string, question: ContractQuestion): Promise<ContractAnswer | undefined> {
    const hash = hashOf(question);
    const { stationId } = question;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      tx.lock(`contract-delivery|${tenant}|${stationId}|${hash.toString('hex')}`);
      const delivery = await findDelivery(tx, tenant, stationId, hash, this.clock.now());
      const next = delivery && nextDelivery(delivery.contracts, delivery.given);
      if (!delivery || !next) return undefined;
      await saveDelivery(tx, tenant, stationId, hash, { ...delivery, given: delivery.given + 1 });
      await this.noteInstalled(tx, tenant, stationId, next.contract);
      return given(next.contract, next.remaining);
    });
  }

  /** `more`: the car will ask for the others. */
  private keep(
    tenant: string,
    { stationId, ...question }: ContractQuestion,
    contracts: readonly PooledContract[],
    more: boolean,
  ): Promise<void> {
    if (!more && contracts[0]!.emaid === '') return Promise.resolve();
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + KEPT_MS);
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      if (more) {
        await dropDeliveries(tx, now);
        await saveDelivery(tx, tenant, stationId, hashOf(question), {
          contracts,
          given: 1,
          expiresAt,
        });
      }
      await this.noteInstalled(tx, tenant, stationId, contracts[0]!);
    });
  }

  /** Where a contract went into a car, when the pool tells which one it is: people see it with their contract. */
  private async noteInstalled(
    tx: Tx,
    tenant: string,
    stationId: string,
    { emaid }: PooledContract,
  ): Promise<void> {
    if (emaid === '') return;
    const at = this.clock.now();
    await saveInstallation(tx, tenant, { emaidKey: contractKey(emaid), stationId, at });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  AUTH_POOL_REFUSED: 'PoolRefused',
  AUTH_POOL_ANSWER: 'PoolAnswer',
};

function hashOf({
  exiRequest,
  schemaVersion,
}: Pick<ContractQuestion, 'exiRequest' | 'schemaVersion'>): Buffer {
  return createHash('sha256').update(`${schemaVersion}|${exiRequest}`).digest();
}

function given(contract: PooledContract, remaining: number | undefined): ContractAnswer {
  return { accepted: true, exiResponse: contract.exiResponse, remaining, reasonCode: '', reason: '' };
}

function failed(reasonCode: string, reason: string): ContractAnswer {
  return { accepted: false, exiResponse: '', reasonCode, reason };
}
