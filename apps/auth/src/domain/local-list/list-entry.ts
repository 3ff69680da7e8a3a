/**
 * What a station is told of one token in its local authorization list (OCPP 2.0.1 D01, 1.6 section 3.5.2). The list wins over the
 * station's cache, so a token that must not charge stays in it as Blocked or Expired where there is room.
 */
import { createHash } from 'node:crypto';
import { tokenKey } from '@kilowatch/kernel';

/** Generation of the messages; 2.0.1 and 2.1 are the same here. */
export type ListDialect = '1.6' | '2.x';

export type ListStatus = 'Accepted' | 'Blocked' | 'Expired';

export interface ListToken {
  readonly tokenId: string;
  readonly value: string;
  readonly type: string;
  readonly groupId: string;
  readonly status: 'ACTIVE' | 'BLOCKED' | 'EXPIRED';
  /** Of its account; true without one. */
  readonly accountActive: boolean;
  readonly expiresAt: Date | undefined;
}

export interface ListEntry {
  readonly tokenId: string;
  readonly id: string;
  /** 1.6 knows no types: empty. */
  readonly type: string;
  readonly status: ListStatus;
  readonly groupId: string;
  /** Only where the station ends an entry by itself (L5). */
  readonly expiresAt: Date | undefined;
}

/**
 * Not: what nobody presents (Central), codes that are kept as hashes (C04), and what is easily copied and so looked up each time
 * (MacAddress, EVCCID, VIN).
 */
export const LIST_TYPES: readonly string[] = ['ISO14443', 'ISO15693', 'Local', 'eMAID'];

const LONGEST: Readonly<Record<ListDialect, number>> = { '1.6': 20, '2.x': 36 };

/** Undefined: no entry of this generation can hold it, a longer token than 20 characters in 1.6. */
export function entryFor(
  token: ListToken,
  { dialect, expiry, now }: { dialect: ListDialect; expiry: boolean; now: Date },
): ListEntry | undefined {
  const id = spelled(token);
  if (!LIST_TYPES.includes(token.type) || id === '' || id.length > LONGEST[dialect]) return undefined;
  const status = listStatus(token, now);
  return {
    tokenId: token.tokenId,
    id,
    type: dialect === '1.6' ? '' : token.type,
    status,
    // A group that does not fit is left out: its members charge, and do not stop each other offline.
    groupId: token.groupId.length <= LONGEST[dialect] ? token.groupId : '',
    expiresAt: expiry && status === 'Accepted' ? token.expiresAt : undefined,
  };
}

export function listStatus({ status, accountActive, expiresAt }: ListToken, now: Date): ListStatus {
  if (status === 'BLOCKED' || !accountActive) return 'Blocked';
  return status === 'EXPIRED' || (expiresAt && expiresAt <= now) ? 'Expired' : 'Accepted';
}

/** Two entries with one hash say the same to the station. */
export function entryHash({ id, type, status, groupId, expiresAt }: ListEntry): string {
  const said = JSON.stringify([id, type, status, groupId, expiresAt?.getTime() ?? null]);
  return createHash('sha256').update(said).digest('base64url').slice(0, 22);
}

/** Readers tell the bytes of a card without the separators people type (C01.FR.25, Q42). */
function spelled({ value, type }: ListToken): string {
  const folded = tokenKey(value);
  return type.startsWith('ISO') && /^[0-9A-F]+$/.test(folded) ? folded : value;
}
