import { Inject, Injectable } from '@nestjs/common';
import { precondition, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import { parseTariff } from '@kilowatch/pricing';
import type { AssignmentScope } from '../domain/tariff-assignment.js';
import { transparencyOf, type ChargingPlace, type Finding } from '../domain/transparency.js';
import {
  findTariffPolicy,
  placesUnder,
  saveTariffPolicy,
  scopesOfTariff,
  type TariffPolicy,
} from '../persistence/transparency.repository.js';
import { findTariffs } from '../persistence/tariff.repository.js';

export type { Finding, TariffPolicy };

/** Whether tariffs may stand where they are assigned, by the laws on prices; who wants it has violations refused. */
@Injectable()
export class JudgeTariffs {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  policy({ tenant }: Principal): Promise<TariffPolicy> {
    return this.database.read(tenantScope(tenant), (tx) => findTariffPolicy(tx, tenant));
  }

  /** Counts for what is applied and assigned from now on. */
  async setPolicy({ tenant, accountId }: Principal, policy: TariffPolicy): Promise<TariffPolicy> {
    await this.database.transaction(tenantScope(tenant), (tx) =>
      saveTariffPolicy(tx, tenant, policy, { accountId, at: this.clock.now() }),
    );
    return policy;
  }

  /** Of tariffs as they are now, at all places that they are assigned to. */
  async findingsOf({ tenant }: Principal, tariffIds: readonly string[]): Promise<Map<string, Finding[]>> {
    return this.database.read(tenantScope(tenant), async (tx) => {
      const found = new Map<string, Finding[]>();
      for (const { id, document } of await findTariffs(tx, tenant, tariffIds))
        found.set(id, transparencyOf(parseTariff(document), await this.placesOf(tx, tenant, id)));
      return found;
    });
  }

  /** Of what is to be applied. Throws PRECONDITION where the tenant refuses violations. */
  async beforeApply(tx: Tx, tenant: string, id: string, document: unknown): Promise<Finding[]> {
    return this.judge(tx, tenant, document, await this.placesOf(tx, tenant, id));
  }

  /** Of what is not applied yet, at all places that the tariff is assigned to; refuses nothing. */
  async findingsAt(tx: Tx, tenant: string, id: string, document: unknown): Promise<Finding[]> {
    return transparencyOf(parseTariff(document), await this.placesOf(tx, tenant, id));
  }

  /** Of what is to be assigned. Throws PRECONDITION where the tenant refuses violations. */
  async beforeAssign(
    tx: Tx,
    tenant: string,
    document: unknown,
    to: { readonly scope: AssignmentScope; readonly ref: string },
  ): Promise<Finding[]> {
    return this.judge(tx, tenant, document, await placesUnder(tx, tenant, to));
  }

  private async judge(
    tx: Tx,
    tenant: string,
    document: unknown,
    places: readonly ChargingPlace[],
  ): Promise<Finding[]> {
    const findings = transparencyOf(parseTariff(document), places);
    const violation = findings.find(({ severity }) => severity === 'VIOLATION');
    if (violation && (await findTariffPolicy(tx, tenant)).refusesViolations)
      throw precondition(
        'BILLING_TARIFF_UNLAWFUL',
        `${violation.reason} It is meant for a place in ${violation.country}.`,
      );
    return findings;
  }

  private async placesOf(tx: Tx, tenant: string, id: string): Promise<ChargingPlace[]> {
    const [[tariff], scopes] = [
      await findTariffs(tx, tenant, [id]),
      await scopesOfTariff(tx, tenant, id, this.clock.now()),
    ];
    const all = [...(tariff?.isDefault ? [{ scope: 'DEFAULT' as const, ref: '' }] : []), ...scopes];
    const places: ChargingPlace[] = [];
    for (const scope of all) places.push(...(await placesUnder(tx, tenant, scope)));
    return places;
  }
}
