/** Which tokens the stations of a tenant, or of one location, are to know offline. */
import { invalid } from '@kilowatch/kernel';

export interface ListPolicy {
  /** Off: lists we sent before are emptied, others are left alone. */
  readonly enabled: boolean;
  /** Groups (fleets) whose tokens are in every list. */
  readonly groups: readonly string[];
  /** Tokens accepted at the location in so many days; 0 = none. */
  readonly recentDays: number;
  /** However many a station can hold. */
  readonly mostEntries: number;
}

export const NO_POLICY: ListPolicy = { enabled: false, groups: [], recentDays: 0, mostEntries: 0 };
/** Stands for the whole tenant where a location is named. */
export const EVERYWHERE = '00000000-0000-0000-0000-000000000000';

export const USUAL_ENTRIES = 1_000;
const MOST_ENTRIES = 5_000;
const MOST_DAYS = 365;
const MOST_GROUPS = 50;

/** Throws INVALID. */
export function checkedPolicy(policy: ListPolicy): ListPolicy {
  const { recentDays, mostEntries } = policy;
  const groups = [...new Set(policy.groups.map((group) => group.trim()).filter((group) => group !== ''))];
  if (!Number.isInteger(recentDays) || recentDays < 0 || recentDays > MOST_DAYS)
    throw invalid('AUTH_LIST_RECENT_DAYS', `recentDays is 0 (none) to ${MOST_DAYS}.`);
  if (!Number.isInteger(mostEntries) || mostEntries < 1 || mostEntries > MOST_ENTRIES)
    throw invalid('AUTH_LIST_MOST_ENTRIES', `mostEntries is 1 to ${MOST_ENTRIES}.`);
  if (groups.length > MOST_GROUPS)
    throw invalid('AUTH_LIST_GROUPS', `A policy names at most ${MOST_GROUPS} groups.`);
  return { ...policy, groups };
}
