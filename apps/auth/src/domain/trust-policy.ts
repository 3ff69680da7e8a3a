/**
 * What a company decides about believing certificates of contracts (OCPP 2.0.1 C07; P-numbers: docs of issue 4, in the README). The
 * defaults fail closed: nothing is fetched from anywhere, and what could not be checked is not believed.
 */
import { invalid } from '@kilowatch/kernel';

export const OCSP_HASHES = ['SHA256', 'SHA1'] as const;
export const WITHOUT_RESPONDER_RULES = ['REFUSE', 'ACCEPT'] as const;
export const CRL_RULES = ['NEVER', 'WITHOUT_OCSP', 'FALLBACK'] as const;

export interface TrustPolicy {
  /** Where OCSP responders and revocation lists may be asked (P11): scheme, host and port, as `URL.origin` writes it. Empty: nowhere. */
  readonly origins: readonly string[];
  /** How a request names the issuer, and whether it is asked again with SHA-1 when the responder does not understand (P5). */
  readonly ocspHash: (typeof OCSP_HASHES)[number];
  readonly ocspHashFallback: boolean;
  /** So long after the last good answer a responder that is away does not stop the driver (P7). 0: never. */
  readonly softFailHours: number;
  /** A certificate that names no responder (P13), after what `crl` says. */
  readonly withoutResponder: (typeof WITHOUT_RESPONDER_RULES)[number];
  /** When the list of revoked certificates is fetched: for certificates without OCSP, or also when OCSP gives no answer. */
  readonly crl: (typeof CRL_RULES)[number];
  /** Contract certificates carry DC=MO: else an operator of stations could issue them below the same root (P2). */
  readonly requireMoDomain: boolean;
}

export const DEFAULT_TRUST_POLICY: TrustPolicy = {
  origins: [],
  ocspHash: 'SHA256',
  ocspHashFallback: true,
  softFailHours: 0,
  withoutResponder: 'REFUSE',
  crl: 'NEVER',
  requireMoDomain: true,
};

/** What was set; the rest is as above. */
export type TrustChoices = { readonly [K in keyof TrustPolicy]?: TrustPolicy[K] | null | undefined };

export function trustPolicyOf(choices: TrustChoices): TrustPolicy {
  return { ...DEFAULT_TRUST_POLICY, ...said(choices) } as TrustPolicy;
}

const MOST_SOFT_FAIL_HOURS = 72;
const MOST_ORIGINS = 50;

/** Choices as a person made them; null takes one back. Throws INVALID. */
export function checkedTrustChoices(choices: TrustChoices): TrustChoices {
  const hours = choices.softFailHours;
  if (hours != null && !(Number.isInteger(hours) && hours >= 0 && hours <= MOST_SOFT_FAIL_HOURS))
    throw invalid(
      'AUTH_TRUST_POLICY',
      `softFailHours is a whole number of hours, 0 to ${MOST_SOFT_FAIL_HOURS}.`,
    );
  const { origins } = choices;
  if (origins && origins.length > MOST_ORIGINS)
    throw invalid('AUTH_TRUST_POLICY', `At most ${MOST_ORIGINS} origins.`);
  return said({ ...choices, ...(origins && { origins: [...new Set(origins.map(checkedOrigin))] }) });
}

/** The origin of an address; undefined for what is no plain web address. */
export function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, origin, username, password } = new URL(url);
  return /^https?:$/.test(protocol) && username === '' && password === '' ? origin : undefined;
}

function checkedOrigin(text: string): string {
  const origin = originOf(text.trim());
  const bare = origin !== undefined && new URL(text.trim()).href === `${origin}/`;
  if (!bare)
    throw invalid(
      'AUTH_TRUST_ORIGIN',
      `${text.slice(0, 100)} is no origin; write it as http://ocsp.example.com or https://host:8443.`,
    );
  return origin;
}

function said(choices: TrustChoices): TrustChoices {
  return Object.fromEntries(Object.entries(choices).filter(([, value]) => value != null));
}
