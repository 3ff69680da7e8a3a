import type { billing } from '@kilowatch/contracts';
import { fromWire, ZERO } from '@kilowatch/kernel';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { saveFunds } from '../persistence/credit.repository.js';

/** Remembers what an account may spend on another session, so that a card is judged without asking billing. */
export async function followFunds(
  tx: Tx,
  { accountId, currency, available, minimumToStart, blocked }: billing.AccountFundsChanged,
  { tenant, aggregateVersion }: EventMeta,
): Promise<void> {
  const funds = {
    currency,
    available: available && fromWire(available).amount,
    minimumToStart: minimumToStart ? fromWire(minimumToStart).amount : ZERO,
    blocked,
  };
  await saveFunds(tx, tenant, accountId, funds, aggregateVersion);
}
