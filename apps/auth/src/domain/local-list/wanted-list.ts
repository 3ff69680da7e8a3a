/**
 * The list we want a station to hold, and whom it does without when it is small (D01.FR.12, 1.6 LocalAuthListMaxLength). First the
 * tokens somebody flagged for offline use, then those of the fleets, then those lately used at the site, the last used first.
 * Those that may not charge come after all that may: a station refuses an unknown token anyway, unless it is told otherwise.
 */
import { entryFor, type ListDialect, type ListEntry, type ListToken } from './list-entry.js';

export type Reason = 'FLAGGED' | 'FLEET' | 'RECENT';

export interface Candidate {
  readonly token: ListToken;
  /** The strongest reason why it is wanted here. */
  readonly reason: Reason;
  /** When it was last accepted at the site. */
  readonly usedAt: Date | undefined;
}

export interface WantedList {
  /** At most `most`, no token twice, best first. */
  readonly entries: readonly ListEntry[];
  /** Wanted, but the list is full. */
  readonly leftOut: number;
  /** Wanted, but no entry of this station can hold it. */
  readonly unfit: number;
}

const RANK: Readonly<Record<Reason, number>> = { FLAGGED: 0, FLEET: 1, RECENT: 2 };

export function wantedList(
  candidates: readonly Candidate[],
  context: { dialect: ListDialect; expiry: boolean; now: Date; most: number },
): WantedList {
  const fit = new Map<string, { entry: ListEntry; candidate: Candidate }>();
  let unfit = 0;
  for (const candidate of candidates) {
    const entry = entryFor(candidate.token, context);
    if (!entry) unfit++;
    else {
      // The station compares without case, and in 1.6 without the type.
      const key = `${entry.type}/${entry.id.toUpperCase()}`;
      const held = fit.get(key);
      if (!held || compare({ entry, candidate }, held) < 0) fit.set(key, { entry, candidate });
    }
  }
  const ranked = [...fit.values()].toSorted(compare).map(({ entry }) => entry);
  const most = Math.max(0, context.most);
  return { entries: ranked.slice(0, most), leftOut: Math.max(0, ranked.length - most), unfit };
}

interface Ranked {
  readonly entry: ListEntry;
  readonly candidate: Candidate;
}

function compare(a: Ranked, b: Ranked): number {
  const mayCharge = Number(b.entry.status === 'Accepted') - Number(a.entry.status === 'Accepted');
  return (
    mayCharge ||
    RANK[a.candidate.reason] - RANK[b.candidate.reason] ||
    (b.candidate.usedAt?.getTime() ?? 0) - (a.candidate.usedAt?.getTime() ?? 0) ||
    (a.entry.tokenId < b.entry.tokenId ? -1 : 1)
  );
}
