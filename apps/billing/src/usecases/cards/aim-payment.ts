import { type Decimal } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { updatePayment, type PaymentRecord } from '../../persistence/payment.repository.js';

/** What is to be taken of a reservation is known: zero lets it go. The caller holds it. */
export async function aimPayment(tx: Tx, payment: PaymentRecord, goal: Decimal, now: Date): Promise<void> {
  // While an answer is out it is that which is waited for.
  const dueAt = payment.state === 'UNKNOWN' ? payment.dueAt : now;
  await updatePayment(tx, { ...payment, goal, attempts: 0, dueAt });
  // Wakes the job that asks.
  tx.afterCommit(() => undefined);
}
