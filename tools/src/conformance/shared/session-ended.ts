import type { CaseContext } from '../case-context.js';
import { equals } from '../judge.js';

/** A session that is over, with its energy, as the operator sees it. */
export async function sessionEnded(
  context: CaseContext,
  transactionId: number | string,
  energyWh: number,
  stopReason?: string,
): Promise<void> {
  const session = await context.session(
    transactionId,
    ({ state, energyWh: counted }) => state === 'ENDED' && counted === energyWh,
    `ENDED with ${energyWh} Wh`,
  );
  if (stopReason !== undefined) equals('the reason it stopped', session.stopReason, stopReason);
}
