import type { Frame } from '@kilowatch/testing';

const TRANSACTION_ACTIONS = new Set([
  'StartTransaction',
  'StopTransaction',
  'MeterValues',
  'TransactionEvent',
]);

export function isTransactionAction(action: string): boolean {
  return TRANSACTION_ACTIONS.has(action);
}

/** What one charger sent and was answered, as far as a fault is judged by it. */
export class WireWatch {
  /** Answers a charger would lose energy by: a CALLERROR to a transaction message. One sentence each. */
  readonly refusals: string[] = [];
  private readonly asked = new Map<string, string>();

  constructor(private readonly identity: string) {}

  note(direction: 'sent' | 'received', [type, id, third, fourth]: Frame): void {
    if (direction === 'sent' && type === 2 && isTransactionAction(String(third)))
      this.asked.set(id, String(third));
    if (direction !== 'received' || (type !== 3 && type !== 4)) return;
    const action = this.asked.get(id);
    this.asked.delete(id);
    if (type === 4 && action !== undefined)
      this.refusals.push(
        `${this.identity}: ${action} was answered with CALLERROR ${String(third)} ${String(fourth)}`,
      );
  }
}
