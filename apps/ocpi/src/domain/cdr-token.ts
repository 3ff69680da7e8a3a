/**
 * The token of a session as partners see it (OCPI 2.2.1 mod_cdrs CdrToken). The card's own number never leaves auth, so
 * `uid` is the token's id, the same in every session and CDR, and the contract id is derived from it.
 */
import { NOT_APPLICABLE, type Party } from './values.js';

export type AuthMethod = 'AUTH_REQUEST' | 'COMMAND' | 'WHITELIST';

export interface CdrToken {
  readonly country_code: string;
  readonly party_id: string;
  readonly uid: string;
  readonly type: 'RFID' | 'APP_USER' | 'AD_HOC_USER' | 'OTHER';
  readonly contract_id: string;
}

const TYPES: Readonly<Record<string, CdrToken['type']>> = {
  iso14443: 'RFID',
  iso15693: 'RFID',
  unknown: 'RFID',
  '': 'RFID',
  central: 'APP_USER',
  directpayment: 'AD_HOC_USER',
};

export function cdrToken(party: Party, tokenId: string, tokenType: string): CdrToken {
  return {
    country_code: party.countryCode,
    party_id: party.partyId,
    uid: tokenId || NOT_APPLICABLE,
    type: TYPES[tokenType.toLowerCase()] ?? 'OTHER',
    contract_id: tokenId ? contractId(party, tokenId) : NOT_APPLICABLE,
  };
}

/** `NL-KWD-C...`, at most 36 characters; the last part is the random part of the token's id. */
function contractId(party: Party, tokenId: string): string {
  const local = tokenId
    .replace(/[^0-9a-zA-Z]/g, '')
    .slice(-24)
    .toUpperCase();
  return `${party.countryCode}-${party.partyId}-C${local}`;
}

/** How this session was really authorised, never one word for all: takes the words of sessions and those of billing. */
export function authMethod(how: string): AuthMethod {
  if (how === 'COMMAND') return 'COMMAND';
  return how === 'OFFLINE' || how === 'WHITELIST' ? 'WHITELIST' : 'AUTH_REQUEST';
}
