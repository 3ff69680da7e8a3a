/**
 * Which tokens a station may judge by itself. A list entry says who, never where, when, on what or with what credit: a token with
 * such a rule is in no list, so that the station asks. Nor is one of the master pass group, which must not start (C16).
 */
import { isSameGroup } from '../group-id.js';
import { allowedEvses, isAllowedLocation, type StationPlace, type TokenLimits } from '../token-limits.js';

export interface OfflineRules {
  readonly place: StationPlace | undefined;
  /** Empty: none. */
  readonly masterPassGroupId: string;
}

export interface RuledToken {
  readonly limits: TokenLimits;
  readonly prepaid: boolean;
  readonly groupId: string;
}

export function maySayOffline(
  { limits, prepaid, groupId }: RuledToken,
  { place, masterPassGroupId }: OfflineRules,
): boolean {
  if (prepaid || limits.hours.length > 0) return false;
  if (isSameGroup(masterPassGroupId, groupId)) return false;
  return isAllowedLocation(limits, place) && allowedEvses(limits, place) === undefined;
}
