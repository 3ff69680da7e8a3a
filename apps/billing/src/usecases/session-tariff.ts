import type { Tx } from '@kilowatch/platform';
import { assignedTariff, type AssignmentFacts } from '../domain/tariff-assignment.js';
import { validAt } from '../domain/quote-use.js';
import { assignmentsFor } from '../persistence/tariff-assignment.repository.js';
import { defaultHistory } from '../persistence/tariff.repository.js';

/** The id of the tariff a session is under that begins at `at`: the one assigned closest to it, else the company's default then. */
export async function sessionTariff(
  tx: Tx,
  tenant: string,
  facts: AssignmentFacts,
  at: Date,
): Promise<string | undefined> {
  const [assignments, defaults] = await Promise.all([
    assignmentsFor(tx, tenant, facts),
    defaultHistory(tx, tenant),
  ]);
  return assignedTariff(assignments, facts, at)?.tariffId ?? validAt(defaults, at);
}
