import type { MyTokenParts, TokenUseParts } from '../api/documents/cards.js';
import { stopRefusalText, type Outcome } from './outcome-words.js';
import type { Word } from './session-words.js';

const TYPES: Readonly<Record<string, string>> = {
  ISO14443: 'Card',
  ISO15693: 'Card',
  KEYCODE: 'Key code',
  EMAID: 'Contract of the car',
  CENTRAL: 'This app',
  LOCAL: 'Token of a station',
  MACADDRESS: 'Car',
  EVCCID: 'Car',
  VIN: 'Car',
};

/** What it is and its last characters: `Card ····B2C3`. With the name that its holder gave it, that first. */
export function cardName({ name, type, masked }: Pick<MyTokenParts, 'name' | 'type' | 'masked'>): string {
  const kind = `${TYPES[type.toUpperCase()] ?? 'Token'} ${masked}`;
  return name ? `${name} (${kind})` : kind;
}

/** Whether it charges, and who says so. */
export function cardWord({
  status,
  blockedByHolder,
}: Pick<MyTokenParts, 'status' | 'blockedByHolder'>): Word & { readonly advice?: string } {
  switch (status) {
    case 'ACTIVE':
      return { text: 'Active', tone: 'good' };
    case 'EXPIRED':
      return { text: 'Expired', tone: 'quiet', advice: 'Ask your operator for a new one.' };
    case 'BLOCKED':
      return blockedByHolder
        ? { text: 'Blocked by you', tone: 'warn' }
        : { text: 'Blocked by the operator', tone: 'bad', advice: 'Ask your operator to unblock it.' };
  }
}

const PURPOSES: Readonly<Record<string, string>> = {
  AUTHORIZE: 'Shown',
  START: 'Started charging',
  STOP: 'Stopped charging',
};

const REFUSALS: Readonly<Record<string, string>> = {
  BLOCKED: 'it is blocked',
  EXPIRED: 'it has expired',
  CONCURRENT_TX: 'it was charging elsewhere',
  NO_CREDIT: 'there was no credit',
  INVALID: 'it was not accepted',
  NOT_ALLOWED_TYPE_EVSE: 'it may not charge on this connector',
  NOT_AT_THIS_LOCATION: 'it may not charge at this place',
  NOT_AT_THIS_TIME: 'it may not charge at this time',
};

/** What was done with a card, and how it went. */
export function usedWord({
  purpose,
  status,
  offline,
}: Pick<TokenUseParts, 'purpose' | 'status' | 'offline'>): Word {
  const late = offline ? ' (the station was offline and told it later)' : '';
  const what = PURPOSES[purpose] ?? 'Used';
  if (status === 'ACCEPTED') return { text: `${what}${late}`, tone: 'good' };
  return { text: `Refused: ${REFUSALS[status] ?? 'it was not accepted'}${late}`, tone: 'warn' };
}

/** Where: the place, the station, the connector. */
export function usedPlace({
  locationName,
  stationIdentity,
  evseNumber,
}: Pick<TokenUseParts, 'locationName' | 'stationIdentity' | 'evseNumber'>): string {
  const parts = [locationName, stationIdentity, evseNumber > 0 ? `point ${evseNumber}` : null];
  return parts.filter(Boolean).join(', ') || 'A station that is gone';
}

/** What a session was told, and said. */
export type StopTold = 'STOPPED' | 'UNKNOWN' | { readonly reason: string; readonly message: string };

/** What became of a block, and of the sessions that ran on the card. `left`: run on, as was wanted. */
export function blockedText(told: readonly StopTold[], left: number): Outcome {
  const blocked = 'The card is blocked: nothing starts with it any more.';
  if (left > 0)
    return { tone: 'warn', text: `${blocked} What charges on it goes on until somebody stops it.` };
  const refused = told.find((one) => typeof one === 'object' && one.reason !== 'ALREADY_ENDED');
  if (refused !== undefined && typeof refused === 'object')
    return { tone: 'warn', text: `${blocked} ${stopRefusalText(refused)}` };
  if (told.includes('UNKNOWN'))
    return {
      tone: 'warn',
      text: `${blocked} The session on it could not be stopped just now: open it and stop it there.`,
    };
  return told.length > 0
    ? { tone: 'good', text: `${blocked} The station was told to stop what charged on it.` }
    : { tone: 'good', text: blocked };
}
