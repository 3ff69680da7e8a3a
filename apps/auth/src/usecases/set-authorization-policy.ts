import { Inject, Injectable } from '@nestjs/common';
import { isUuid, notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import {
  checkedChoices,
  policyOf,
  type AuthorizationPolicy,
  type PolicyChoices,
} from '../domain/authorization-policy.js';
import {
  findChoices,
  isKnownLocation,
  saveChoices,
  WHOLE_COMPANY,
} from '../persistence/authorization-policy.repository.js';
import { actorOf, AuditLog } from './audit-log.js';

export interface PolicySetting {
  /** Undefined: the whole company. */
  readonly locationId: string | undefined;
  /** What was chosen here. */
  readonly choices: PolicyChoices;
  /** What counts here, with all that is inherited. */
  readonly effective: AuthorizationPolicy;
  readonly updatedAt: Date | undefined;
}

/** What an operator decides about authorisation, for the company or a location. */
@Injectable()
export class SetAuthorizationPolicy {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  view({ tenant }: Principal, locationId: string | undefined): Promise<PolicySetting> {
    return this.database.read(tenantScope(tenant), (tx) => setting(tx, tenant, locationId));
  }

  /** Only what is named changes; null takes a choice back, so that it is inherited again. */
  run(
    principal: Principal,
    locationId: string | undefined,
    changes: Readonly<Record<string, unknown>>,
    address: string | undefined,
  ): Promise<PolicySetting> {
    const { tenant, accountId } = principal;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      await requireLocation(tx, tenant, locationId);
      const key = locationId ?? WHOLE_COMPANY;
      tx.lock(`authorization-policy|${tenant}|${key}`);
      const held = await findChoices(tx, tenant, key);
      const choices = checkedChoices({ ...held?.choices, ...changes }, locationId !== undefined);
      await saveChoices(tx, tenant, {
        locationId: key,
        choices,
        version: (held?.version ?? 0) + 1,
        updatedBy: accountId,
        updatedAt: this.clock.now(),
      });
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'authorization_policy.changed',
        target: { kind: 'authorization_policy', id: locationId ?? 'company' },
        details: said(changes),
      });
      return setting(tx, tenant, locationId);
    });
  }
}

async function setting(tx: Tx, tenant: string, locationId: string | undefined): Promise<PolicySetting> {
  await requireLocation(tx, tenant, locationId);
  const [company, local] = await Promise.all([
    findChoices(tx, tenant, WHOLE_COMPANY),
    locationId === undefined ? undefined : findChoices(tx, tenant, locationId),
  ]);
  const own = locationId === undefined ? company : local;
  return {
    locationId,
    choices: own?.choices ?? {},
    effective: policyOf(company?.choices ?? {}, local?.choices),
    updatedAt: own?.updatedAt,
  };
}

async function requireLocation(tx: Tx, tenant: string, locationId: string | undefined): Promise<void> {
  if (locationId === undefined) return;
  if (!isUuid(locationId) || !(await isKnownLocation(tx, tenant, locationId)))
    throw notFound('AUTH_LOCATION', 'There is no such location.');
}

function said(changes: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(changes).map(([key, value]) => [key, String(value ?? 'inherited')]),
  );
}
