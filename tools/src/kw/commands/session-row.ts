/** What lists and the watch tell of a session. */
export const SESSION_ROW = `id state chargingState startedAt station { identity } energyWh livePowerW
  cost { final totalInclVat { amount currency } lines { dimension quantity unit unitPrice inclVat { amount } } }
  billingHold invoice { number status }`;

export interface SessionRow {
  readonly id: string;
  readonly state: string;
  readonly chargingState: string;
  readonly startedAt: string;
  readonly station: { readonly identity: string };
  readonly energyWh: number | null;
  readonly livePowerW: number | null;
  readonly cost: {
    readonly final: boolean;
    readonly totalInclVat: { readonly amount: string; readonly currency: string };
    readonly lines: readonly {
      readonly dimension: string;
      readonly quantity: string;
      readonly unit: string;
      readonly unitPrice: string;
      readonly inclVat: { readonly amount: string };
    }[];
  } | null;
  readonly billingHold: string | null;
  readonly invoice: { readonly number: string; readonly status: string } | null;
}

/** What it does while it runs, and that it has ended afterwards. */
export function stateText({ state, chargingState }: SessionRow): string {
  return state === 'ACTIVE' ? chargingState : state;
}

export function kwhText({ energyWh }: SessionRow): string {
  return ((energyWh ?? 0) / 1000).toFixed(3);
}

export function costText({ cost }: SessionRow): string {
  return cost ? `${cost.totalInclVat.amount} ${cost.totalInclVat.currency}` : '-';
}
