/**
 * What an operator decides about authorisation that no token says by itself: for the whole company, and over it for a location
 * (OCPP 2.0.1 C02 start button, C06 local tokens, C10 caching, C12/C16 master pass, C17 prepaid; 2.1 appendix for autocharge).
 * Everything that lets somebody charge whom nobody knows is off until it is switched on.
 */
import { invalid } from '@kilowatch/kernel';

export const LOCAL_TOKEN_RULES = ['CHECK', 'TRUST'] as const;
export const NO_CERTIFICATE_RULES = ['REFUSE', 'BY_TOKEN'] as const;

export interface AuthorizationPolicy {
  /** `NoAuthorization`, the start button of the station, starts a session that nobody pays for. */
  readonly startButton: boolean;
  /** Tokens that nobody knows, or without credit, are accepted; blocked and expired ones are not. */
  readonly freeVend: boolean;
  /** `Local` tokens were made by the station: looked up like all others, or believed. */
  readonly localTokens: (typeof LOCAL_TOKEN_RULES)[number];
  /** Vehicles enrolled by MacAddress, EVCCID or VIN may charge. These can be copied: a weak proof. */
  readonly autocharge: boolean;
  /** A card that nobody has is looked for by its UID the other way round too: readers tell the bytes in either order. */
  readonly reversedUids: boolean;
  /** An eMAID without certificate and without hash data: refused, or judged like a card. */
  readonly contractWithoutCertificate: (typeof NO_CERTIFICATE_RULES)[number];
  /** Hours that a station may trust an accepted token without asking. 0: it always asks. */
  readonly cacheHours: number;
  readonly contractCacheHours: number;
  /** Group whose tokens stop every session and start none. Of the company, never of a location. Empty: none. */
  readonly masterPassGroupId: string;
}

export const DEFAULT_POLICY: AuthorizationPolicy = {
  startButton: false,
  freeVend: false,
  localTokens: 'CHECK',
  autocharge: false,
  reversedUids: false,
  contractWithoutCertificate: 'REFUSE',
  cacheHours: 24,
  contractCacheHours: 24,
  masterPassGroupId: '',
};

/** What was set; the rest is inherited. */
export type PolicyChoices = {
  readonly [K in keyof AuthorizationPolicy]?: AuthorizationPolicy[K] | undefined;
};

/** The company's choices over the defaults, the location's over those. */
export function policyOf(company: PolicyChoices, location: PolicyChoices = {}): AuthorizationPolicy {
  return { ...DEFAULT_POLICY, ...said(company), ...said(location) };
}

function said(choices: PolicyChoices): PolicyChoices {
  return Object.fromEntries(Object.entries(choices).filter(([, value]) => value != null));
}

const LONGEST_CACHE_HOURS = 24 * 30;
/** Of an idToken in 2.0.1. */
const LONGEST_GROUP = 36;

/** Choices as a person made them; null takes one back. Throws INVALID. */
export function checkedChoices(choices: PolicyChoices, ofLocation: boolean): PolicyChoices {
  for (const key of ['cacheHours', 'contractCacheHours'] as const) {
    const hours = choices[key];
    if (hours != null && !(Number.isInteger(hours) && hours >= 0 && hours <= LONGEST_CACHE_HOURS))
      throw invalid('AUTH_POLICY', `${key} is a whole number of hours, 0 to ${LONGEST_CACHE_HOURS}.`);
  }
  const group = choices.masterPassGroupId?.trim();
  if (group && ofLocation)
    throw invalid('AUTH_POLICY', 'The master pass group belongs to the company, not to a location.');
  if (group && (group.length > LONGEST_GROUP || !/^[\x21-\x7e]+$/.test(group)))
    throw invalid('AUTH_POLICY', `A group id has at most ${LONGEST_GROUP} printable characters.`);
  return said({ ...choices, ...(group === undefined ? {} : { masterPassGroupId: group }) });
}
