/**
 * Who may draw how much of a site's current. Equal share by water-filling (Lee, Li, Low: the max-min fair allocation), with
 * IEC 61851-1's smallest current of 6 A: a session gets nothing or at least that.
 *
 * - Current is counted per phase and a session counts on every phase: safe whatever phase a one-phase car hangs on.
 * - Fewer than 6 A a head: the sessions that began first keep 6 A, the latest are paused with 0 A. Only the order of starts
 *   decides, not what a car is doing, so that a paused car's change of state cannot make the plan swing.
 * - A session whose car does not draw (SuspendedEV, just connected) keeps a reserve of 6 A, so that it can wake up.
 * - An uncontrolled session (its charger refuses limits or is away) counts with all it may draw; the others share the rest.
 */

/** Tenths of an ampere per phase. */
export type Deciampere = number;

/** The smallest current a car can charge with. */
export const SMALLEST_DA: Deciampere = 60;

export interface Claim {
  readonly sessionId: string;
  readonly startedAt: Date;
  /** What connector and cable allow. */
  readonly capDa: Deciampere;
  /** Takes an equal share; otherwise keeps the reserve. */
  readonly charging: boolean;
  /** Set when its charger does not follow: what it may draw now. */
  readonly uncontrolledDa?: Deciampere | undefined;
}

/**
 * Limit of each session. Their sum is never above `limitDa`; with uncontrolled sessions, the sum of the controlled is never
 * above what those leave.
 */
export function planSite(limitDa: Deciampere, claims: readonly Claim[]): Map<string, Deciampere> {
  const fair = shareEqually(limitDa, claims);
  const taken = claims.reduce((sum, claim) => sum + (claim.uncontrolledDa ?? 0), 0);
  if (taken === 0) return fair;
  const controlled = claims.filter((claim) => claim.uncontrolledDa === undefined);
  const plan = shareEqually(Math.max(0, limitDa - taken), controlled);
  for (const { sessionId, uncontrolledDa } of claims) {
    // It is asked for its fair share again and again, but for no more than the others were told it takes.
    if (uncontrolledDa !== undefined) plan.set(sessionId, Math.min(fair.get(sessionId) ?? 0, uncontrolledDa));
  }
  return plan;
}

function shareEqually(limitDa: Deciampere, claims: readonly Claim[]): Map<string, Deciampere> {
  const inOrder = claims.filter((claim) => claim.capDa >= SMALLEST_DA).sort(byStart);
  const admitted = inOrder.slice(0, Math.floor(limitDa / SMALLEST_DA));
  const sharing = admitted.filter((claim) => claim.charging);
  const reserved = (admitted.length - sharing.length) * SMALLEST_DA;
  const level = waterLevel(limitDa - reserved, sharing.map((claim) => claim.capDa)); // prettier-ignore
  const plan = new Map<string, Deciampere>(claims.map((claim) => [claim.sessionId, 0]));
  for (const claim of admitted) {
    plan.set(claim.sessionId, claim.charging ? Math.min(claim.capDa, level) : SMALLEST_DA);
  }
  return plan;
}

/** The largest whole level at which the vessels of these heights hold no more than `volume` together. */
function waterLevel(volume: number, heights: readonly number[]): number {
  let left = volume;
  const rising = [...heights].sort((a, b) => a - b);
  for (const [index, height] of rising.entries()) {
    const share = Math.floor(left / (rising.length - index));
    if (height > share) return share;
    left -= height;
  }
  return Number.MAX_SAFE_INTEGER;
}

/** The id breaks ties: the same sessions always give the same plan. */
function byStart(a: Claim, b: Claim): number {
  return a.startedAt.getTime() - b.startedAt.getTime() || (a.sessionId < b.sessionId ? -1 : 1);
}
