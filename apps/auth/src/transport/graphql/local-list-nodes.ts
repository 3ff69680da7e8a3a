import { EVERYWHERE } from '../../domain/local-list/list-policy.js';
import type { BlockRow, ShownList, StoredPolicy } from '../../usecases/local-lists/view-local-lists.js';

export function localListNode(list: ShownList) {
  const { limits } = list;
  return {
    station: { __typename: 'Station', id: list.stationId },
    state: list.state,
    reason: list.reason || null,
    version: list.version ?? null,
    entries: list.entries,
    leftOut: list.leftOut,
    unfit: list.unfit,
    maxEntries: limits?.maxEntries ?? null,
    entriesPerMessage: limits?.itemsPerMessage ?? null,
    bytesPerMessage: limits?.bytesPerMessage ?? null,
    hasCache: limits && limits.cache !== 'UNKNOWN' ? limits.cache === 'ON' : null,
    online: list.online,
    attempts: list.attempts,
    syncedAt: list.syncedAt ?? null,
    cacheClearedAt: list.cacheClearedAt ?? null,
  };
}

export function policyNode(policy: StoredPolicy) {
  const { enabled, groups, recentDays, mostEntries, changedAt } = policy;
  const locationId = policy.locationId === EVERYWHERE ? null : policy.locationId;
  return { locationId, enabled, groups, recentDays, mostEntries, changedAt };
}

export function blockStationNode(row: BlockRow) {
  const { identity, state, inList, inCache, reason } = row;
  return {
    station: { __typename: 'Station', id: row.stationId },
    identity,
    state,
    inList,
    inCache,
    reason: reason || null,
  };
}
