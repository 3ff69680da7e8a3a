import type { Canary } from './canary.js';

/**
 * The few places where a secret may stand, and why nothing less will do. Whatever stands anywhere else is a leak: mend it where it
 * comes from, do not add it here.
 */
export interface AllowedPlace {
  readonly place: RegExp;
  /** Names of canaries. */
  readonly of: RegExp;
  readonly why: string;
}

export const ALLOWED: readonly AllowedPlace[] = [
  {
    place: /^auth\.token\.(value|value_key)$/,
    of: /^(card|contract) known|^app token/,
    why: 'a remote start must tell the station the card; nobody but sessions gets it from auth',
  },
  {
    place: /^auth\.unknown_token\.value$/,
    of: /^card of strangers/,
    why: 'an operator takes a card in without learning its number: what is taken in must be told to stations as above',
  },
  {
    place: /^ocpp_gateway\.quarantined_frame\.frame$/,
    of: /^(card|contract|key code)/,
    why: 'a transaction message that nobody could process is kept as it came, or it could not be processed again',
  },
];

export function isAllowed(place: string, canary: Canary): boolean {
  return ALLOWED.some((allowed) => allowed.place.test(place) && allowed.of.test(canary.name));
}
