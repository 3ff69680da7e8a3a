/**
 * What a station that shows costs is told, and when (OCPP 2.0.1 use cases I02, running cost, and I03, final cost). The final cost
 * comes with the answer to the end of the transaction; only when that came too early it follows as CostUpdated. Told is the price
 * of the one engine with taxes, in the station's own currency: another one would be shown as if it were.
 */
export interface KnownCost {
  /** There is a CDR. */
  readonly final: boolean;
  /** With taxes, decimal text. */
  readonly amount: string;
  readonly currency: string;
}

export interface TellingState {
  /** The only currency the station shows; empty when it did not say. */
  readonly currency: string;
  /** Amount it was told last; empty: none yet. */
  readonly told: string;
  /** It knows no CostUpdated. */
  readonly silent: boolean;
}

export type Telling =
  | { readonly kind: 'TELL'; readonly amount: string }
  | { readonly kind: 'WAIT'; readonly ms: number }
  | typeof OVER;

const OVER = { kind: 'OVER' } as const;
/** Nobody looks at the display any more. */
export const SHOWN_AFTER_END_MS = 10 * 60_000;
/** While the CDR is awaited. */
const CLOSING_MS = 5_000;

/**
 * @param cost undefined while there is no price
 * @param endedAt undefined while the session runs
 * @param paceMs between two of one session
 */
export function tellingOf(
  state: TellingState,
  cost: KnownCost | undefined,
  endedAt: Date | undefined,
  now: Date,
  paceMs: number,
): Telling {
  if (state.silent && endedAt) return OVER;
  if (endedAt && now.getTime() - endedAt.getTime() > SHOWN_AFTER_END_MS) return OVER;
  const shown = cost && isShownIn(cost, state.currency) ? cost : undefined;
  if (endedAt) {
    if (!cost?.final) return { kind: 'WAIT', ms: CLOSING_MS };
    return shown && shown.amount !== state.told ? { kind: 'TELL', amount: shown.amount } : OVER;
  }
  if (!shown || state.silent || shown.amount === state.told) return { kind: 'WAIT', ms: paceMs };
  return { kind: 'TELL', amount: shown.amount };
}

export function isShownIn({ currency }: Pick<KnownCost, 'currency'>, shown: string): boolean {
  return shown === '' || shown === currency;
}
