/** An incident: one episode of one rule and key as operators see it. One is open per rule and key at a time. */
import type { Added, Episode } from './attempt-history.js';
import type { Severity } from './attempt-judges.js';
import type { AttemptRule } from './attempt-rules.js';
import type { AttemptSignal } from './attempt-signal.js';

/** QUIET: no sign for long enough. MERGED: a sign that came late joined it to another. EXPLAINED: one that came late took it back. */
export type CloseReason = 'QUIET' | 'PERSON' | 'MERGED' | 'EXPLAINED';

export interface Incident {
  readonly id: string;
  readonly rule: AttemptRule;
  readonly key: string;
  readonly severity: Severity;
  readonly status: 'OPEN' | 'CLOSED';
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly count: number;
  readonly evidence: readonly AttemptSignal[];
  /** When it closes by itself, unless another sign comes. */
  readonly dueAt: Date;
  readonly closedAt: Date | undefined;
  readonly closeReason: CloseReason | undefined;
  readonly closedBy: string;
  readonly closeNote: string;
  readonly version: number;
}

export interface Matching {
  readonly matches: readonly { readonly episode: Episode; readonly held: Incident | undefined }[];
  /** Held incidents that are part of another now, or have nothing left that speaks for them. */
  readonly merged: readonly Incident[];
  readonly explained: readonly Incident[];
}

/**
 * Which held incident each episode is: the earliest that shares time with it. `settledBefore`: what happened before is beyond doubt, so
 * that incidents which ended by then are left alone. Those that a person closed are never taken up again.
 */
export function matched(
  held: readonly Incident[],
  episodes: readonly Episode[],
  settledBefore: number,
): Matching {
  const left = held
    .filter(({ closeReason }) => closeReason === undefined || closeReason === 'QUIET')
    .sort((a, b) => a.firstSeen.getTime() - b.firstSeen.getTime() || (a.id < b.id ? -1 : 1));
  const merged: Incident[] = [];
  const matches = episodes.map((episode) => {
    const [first, ...more] = left.filter((incident) => overlaps(incident, episode));
    for (const incident of [first, ...more]) if (incident) left.splice(left.indexOf(incident), 1);
    merged.push(...more);
    return { episode, held: first };
  });
  const explained = left.filter(
    ({ status, lastSeen }) => status === 'OPEN' && lastSeen.getTime() >= settledBefore,
  );
  return { matches, merged, explained };
}

function overlaps({ firstSeen, lastSeen }: Incident, episode: Episode): boolean {
  return firstSeen.getTime() <= episode.lastSeen && episode.firstSeen <= lastSeen.getTime();
}

export interface IncidentChange {
  readonly before: Incident | undefined;
  readonly after: Incident;
}

export interface Circumstances {
  readonly rule: AttemptRule;
  readonly key: string;
  readonly quietMs: number;
  readonly now: Date;
  readonly newId: () => string;
}

/** What new signs make of the incidents of their key; those that end come first, so that two are never open at once. */
export function incidentsAfter(
  held: readonly Incident[],
  { episodes, settledBefore }: Pick<Added, 'episodes' | 'settledBefore'>,
  circumstances: Circumstances,
): IncidentChange[] {
  const { matches, merged, explained } = matched(held, episodes, settledBefore);
  const { now } = circumstances;
  const changes = matches
    .map(({ episode, held: before }) => ({ before, after: incidentOf(episode, before, circumstances) }))
    .filter(({ before, after }) => !before || differs(before, after));
  return [
    ...merged.map((before) => ended(before, 'MERGED', now)),
    ...explained.map((before) => ended(before, 'EXPLAINED', now)),
    ...changes.sort((a, b) => Number(a.after.status === 'OPEN') - Number(b.after.status === 'OPEN')),
  ];
}

export function ended(
  before: Incident,
  closeReason: CloseReason,
  now: Date,
  by: { readonly closedBy: string; readonly closeNote: string } = { closedBy: '', closeNote: '' },
): IncidentChange {
  const after: Incident = {
    ...before,
    ...by,
    status: 'CLOSED',
    closeReason,
    closedAt: now,
    version: before.version + 1,
  };
  return { before, after };
}

function incidentOf(
  { over, firstSeen, lastSeen, ...episode }: Episode,
  before: Incident | undefined,
  { rule, key, quietMs, now, newId }: Circumstances,
): Incident {
  return {
    ...episode,
    id: before?.id ?? newId(),
    rule,
    key,
    status: over ? 'CLOSED' : 'OPEN',
    firstSeen: new Date(firstSeen),
    lastSeen: new Date(lastSeen),
    // Counted from when we heard of it: what happened offline, long ago, shall be seen as well.
    dueAt: new Date(now.getTime() + quietMs),
    closedAt: over ? new Date(lastSeen + quietMs) : undefined,
    closeReason: over ? 'QUIET' : undefined,
    closedBy: '',
    closeNote: '',
    version: (before?.version ?? 0) + 1,
  };
}

/** An incident that has closed by itself stays so unless there is something new about it. */
function differs(before: Incident, after: Incident): boolean {
  return (
    before.count !== after.count ||
    before.severity !== after.severity ||
    before.firstSeen.getTime() !== after.firstSeen.getTime() ||
    before.lastSeen.getTime() !== after.lastSeen.getTime() ||
    (before.status === 'OPEN' && after.status === 'CLOSED')
  );
}

/** Growth is told when it is news, and when the count has doubled: an incident of thousands is a dozen messages. */
export function isNews(held: Incident | undefined, now: Incident): boolean {
  if (!held || held.severity !== now.severity || held.status !== now.status) return true;
  return Math.floor(Math.log2(held.count)) < Math.floor(Math.log2(now.count));
}
