/**
 * A roaming partner and what its tokens open. Token A (REGISTRATION) opens versions and credentials once; the token of
 * a handshake under way (HANDSHAKE) only versions, for the partner's call-back; the final one everything; one that a PUT of the
 * partner replaced (REPLACED) lets it PUT again, until it shows that it got the new one (docs/ocpi-notes.md T3, C2, C3, C8).
 */
import { forbidden, unauthenticated } from '@kilowatch/kernel';
import type { Endpoint } from './credentials.js';

export type PartnerState = 'INVITED' | 'REGISTERED' | 'REMOVED';
export type TokenPurpose = 'REGISTRATION' | 'HANDSHAKE' | 'FINAL' | 'REPLACED';
export type TokenEncoding = 'BASE64' | 'RAW';
export type Area = 'versions' | 'credentials' | 'functional';

export interface Partner {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly state: PartnerState;
  /** May pull what the tenant's own tokens charged: for the operator's own eMSP. */
  readonly seesOwnFleet: boolean;
  /** How it wants our token in the Authorization header. */
  readonly tokenEncoding: TokenEncoding;
  readonly countryCode: string | undefined;
  readonly partyId: string | undefined;
  readonly version: string | undefined;
  readonly endpoints: readonly Endpoint[];
  readonly createdAt: Date;
  readonly registeredAt: Date | undefined;
  readonly lastRequestAt: Date | undefined;
}

/** Random bytes of a token we make: 48 characters once written, of the 64 a token may have (docs/ocpi-notes.md C6). */
export const TOKEN_BYTES = 36;

const OPENS: Readonly<Record<TokenPurpose, readonly Area[]>> = {
  REGISTRATION: ['versions', 'credentials'],
  HANDSHAKE: ['versions'],
  FINAL: ['versions', 'credentials', 'functional'],
  REPLACED: ['versions', 'credentials'],
};

/** Throws UNAUTHENTICATED (HTTP 401) where the token does not open the area. */
export function assertOpens(purpose: TokenPurpose, area: Area): void {
  if (!OPENS[purpose].includes(area)) throw unauthenticated('OCPI_TOKEN', 'This token is not valid here.');
}

/** POST when registered, PUT and DELETE when not: HTTP 405 (docs/ocpi-notes.md C4). */
export function assertMethod(purpose: TokenPurpose, method: 'POST' | 'PUT' | 'DELETE'): void {
  const registered = purpose === 'FINAL' || purpose === 'REPLACED';
  if (registered === (method === 'POST')) {
    throw forbidden(
      'OCPI_REGISTRATION_STATE',
      registered ? 'You are registered: use PUT.' : 'You are not registered: use POST.',
    );
  }
}
