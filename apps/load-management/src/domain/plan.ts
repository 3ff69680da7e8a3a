/**
 * Who may draw how much of a site's current. Equal share by water-filling (Lee, Li, Low: the max-min fair allocation), with
 * IEC 61851-1's smallest current of 6 A: a session gets nothing or at least that.
 *
 * - Current is counted per phase and a session counts on every phase: safe whatever phase a one-phase car hangs on.
 * - Fewer than 6 A a head: the sessions that began first keep 6 A, the latest are paused with 0 A, and then they take turns. Who has
 *   waited for a turn takes the place of one that has had its turn, first of one that does not draw; nobody is moved before, so that a
 *   paused car's change of state cannot make the plan swing.
 * - A session whose car does not draw (SuspendedEV, just connected) keeps a reserve of 6 A, so that it can wake up.
 * - An uncontrolled session (its charger refuses limits or is away) counts with all it may draw; the others share the rest.
 */

/** Tenths of an ampere per phase. */
export type Deciampere = number;

/** The smallest current a car can charge with. */
export const SMALLEST_DA: Deciampere = 60;

/** How long one goes on before another that waits may take its place. */
export const TURN_MS = 15 * 60_000;

export interface Claim {
  readonly sessionId: string;
  readonly startedAt: Date;
  /** What connector and cable allow. */
  readonly capDa: Deciampere;
  /** Takes an equal share; otherwise keeps the reserve. */
  readonly charging: boolean;
  /** Set when its charger does not follow: what it may draw now. */
  readonly uncontrolledDa?: Deciampere | undefined;
  /** Absent: it is new. */
  readonly turn?: Turn | undefined;
}

/** Whether it is in its turn or waits for one, and for how long it has. */
export interface Turn {
  readonly isOn: boolean;
  readonly lastsMs: number;
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
  const inOrder = claims.filter((claim) => claim.capDa >= SMALLEST_DA).sort(byTurn);
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

/** Its turn lasts; it has waited for one; it has had one; it has not waited for one yet. */
function rankOf({ turn }: Claim): number {
  if (!turn) return 3;
  const isOver = turn.lastsMs >= TURN_MS;
  if (turn.isOn) return isOver ? 2 : 0;
  return isOver ? 1 : 3;
}

function byTurn(a: Claim, b: Claim): number {
  const rank = rankOf(a);
  if (rank !== rankOf(b)) return rank - rankOf(b);
  const [lasts, otherLasts] = [a.turn?.lastsMs ?? 0, b.turn?.lastsMs ?? 0];
  if (rank === 0) return byStart(a, b);
  if (rank === 2) return Number(b.charging) - Number(a.charging) || lasts - otherLasts || byStart(a, b);
  return otherLasts - lasts || byStart(a, b);
}

/** The id breaks ties: the same sessions always give the same plan. */
function byStart(a: Claim, b: Claim): number {
  return a.startedAt.getTime() - b.startedAt.getTime() || (a.sessionId < b.sessionId ? -1 : 1);
}
