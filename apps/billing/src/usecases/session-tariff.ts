import type { Tx } from '@kilowatch/platform';
import { assignedTariff, type AssignmentFacts, type FactGroups } from '../domain/tariff-assignment.js';
import { MEMBER_KINDS } from '../domain/tariff-group.js';
import { validAt } from '../domain/quote-use.js';
import { assignmentsFor } from '../persistence/tariff-assignment.repository.js';
import { groupsOf } from '../persistence/tariff-group.repository.js';
import { findDiscountTariff } from '../persistence/tariff-source.repository.js';
import { defaultHistory } from '../persistence/tariff.repository.js';

/**
 * The id of the tariff a session is under that begins at `at`: the one assigned closest to it, else the company's default then; for a subscriber
 * the one that his plan has instead of it.
 */
export async function sessionTariff(
  tx: Tx,
  tenant: string,
  facts: AssignmentFacts,
  at: Date,
): Promise<string | undefined> {
  const [groups, defaults] = await Promise.all([groupsFor(tx, tenant, facts), defaultHistory(tx, tenant)]);
  const assignments = await assignmentsFor(tx, tenant, facts, groups);
  const usual = assignedTariff(assignments, facts, at, groups)?.tariffId ?? validAt(defaults, at);
  if (usual === undefined || !facts.DRIVER) return usual;
  const question = { accountId: facts.DRIVER, baseTariffId: usual, at };
  return (await findDiscountTariff(tx, tenant, question)) ?? usual;
}

async function groupsFor(tx: Tx, tenant: string, facts: AssignmentFacts): Promise<FactGroups> {
  const found = await Promise.all(
    MEMBER_KINDS.map(async (kind) => {
      const ref = facts[kind];
      return [kind, ref ? ((await groupsOf(tx, tenant, { kind, ref })) ?? []) : []] as const;
    }),
  );
  return Object.fromEntries(found);
}
