/** SendLocalList as each generation spells it (OCPP 2.0.1 D01.FR.04-06, 1.6 sections 6.43, 7.6): an entry without its state is removed. */
import type { JsonObject } from '@kilowatch/ocpp';
import type { ListDialect, ListEntry } from './list-entry.js';

export interface ListRemoval {
  readonly id: string;
  readonly type: string;
}

interface Said {
  readonly updateType: 'Full' | 'Differential';
  readonly version: number;
  readonly upserts: readonly ListEntry[];
  readonly removals: readonly ListRemoval[];
}

export function listPayload(dialect: ListDialect, said: Said): JsonObject {
  const spell = dialect === '1.6' ? entry16 : entry2;
  const entries = [
    ...said.removals.map((removal) => spell(removal, undefined)),
    ...said.upserts.map((entry) => spell(entry, entry)),
  ];
  return {
    [dialect === '1.6' ? 'listVersion' : 'versionNumber']: said.version,
    updateType: said.updateType,
    // An empty list is left out: 2.x wants at least one entry where there is a list.
    ...(entries.length > 0 ? { localAuthorizationList: entries } : {}),
  };
}

function entry16({ id }: ListRemoval, entry: ListEntry | undefined): JsonObject {
  if (!entry) return { idTag: id };
  const { status, groupId, expiresAt } = entry;
  return {
    idTag: id,
    idTagInfo: {
      status,
      ...(expiresAt ? { expiryDate: expiresAt.toISOString() } : {}),
      ...(groupId ? { parentIdTag: groupId } : {}),
    },
  };
}

function entry2({ id, type }: ListRemoval, entry: ListEntry | undefined): JsonObject {
  const idToken = { idToken: id, type };
  if (!entry) return { idToken };
  const { status, groupId, expiresAt } = entry;
  return {
    idToken,
    idTokenInfo: {
      status,
      ...(expiresAt ? { cacheExpiryDateTime: expiresAt.toISOString() } : {}),
      ...(groupId ? { groupIdToken: { idToken: groupId, type: 'Central' } } : {}),
    },
  };
}
