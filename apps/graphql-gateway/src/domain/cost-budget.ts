/**
 * What one client may ask for over time (docs/promises.md P7), in the unit of operation-size.ts. Each has a minute's worth in hand, which
 * comes back evenly. In memory of this process and bounded: of very many clients, those that were quiet for longest start afresh.
 */
export interface CostBudgetOptions {
  readonly perMinute: number;
  /** Most clients remembered. */
  readonly capacity: number;
}

interface Account {
  readonly left: number;
  readonly at: number;
}

const MINUTE_MS = 60_000;

export class CostBudget {
  private readonly accounts = new Map<string, Account>();

  constructor(private readonly options: CostBudgetOptions) {}

  /** Takes `cost` from the client's budget; seconds until it could be, when it cannot, and then nothing is taken. `nowMs`: of any clock. */
  spend(client: string, cost: number, nowMs: number): number | undefined {
    const { perMinute, capacity } = this.options;
    const held = this.accounts.get(client) ?? { left: perMinute, at: nowMs };
    const back = (Math.max(0, nowMs - held.at) / MINUTE_MS) * perMinute;
    const inHand = Math.min(perMinute, held.left + back);
    // What costs more than a whole minute's worth goes when all of it is in hand: the limit of one operation is another one's.
    const price = Math.min(cost, perMinute);
    if (inHand < price) return Math.max(1, Math.ceil(((price - inHand) / perMinute) * 60));
    // Re-inserted last: a Map keeps insertion order, so the first is the one quiet for longest.
    this.accounts.delete(client);
    this.accounts.set(client, { left: inHand - price, at: nowMs });
    if (this.accounts.size > capacity) {
      const [oldest] = this.accounts.keys();
      if (oldest !== undefined) this.accounts.delete(oldest);
    }
    return undefined;
  }
}
