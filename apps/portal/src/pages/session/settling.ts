/** Whether an ended session still waits for its price, invoice or rating, which other services add. Pure. */

export interface SettlingSession {
  readonly state: 'ACTIVE' | 'ENDED';
  readonly endedAt: string | null;
  readonly cost: { readonly final: boolean } | null;
  readonly invoice: object | null;
  /** Its invoice comes with those of the month. */
  readonly collectiveMonth: string | null;
  readonly canRate: boolean | null;
  readonly rating: object | null;
}

/** After this nobody waits in front of the page: what is missing then is held for a reason. */
const LONGEST_MS = 15 * 60_000;

export function isSettling(session: SettlingSession, nowMs: number): boolean {
  if (session.state !== 'ENDED' || session.endedAt === null) return false;
  if (nowMs - Date.parse(session.endedAt) > LONGEST_MS) return false;
  const isPriced =
    session.cost?.final === true && (session.invoice !== null || session.collectiveMonth !== null);
  const isRatable = session.rating !== null || session.canRate === true;
  return !isPriced || !isRatable;
}
