/** Whom or what an incident is about, as far as its rule tells: a token, a name that somebody claimed, an address; and where. */
import type { AttemptRule } from './attempt-rules.js';
import type { Incident } from './incident.js';

export interface IncidentSubject {
  /** The station that saw it last; empty where none is known. */
  readonly stationId: string;
  readonly tokenId: string;
  readonly tokenMasked: string;
  readonly identity: string;
  readonly address: string;
  /** Where the connection came from that was replaced last, of rules that tell. */
  readonly replacedAddress: string | undefined;
}

/** Their key is the token. */
export const RULES_OF_TOKENS: ReadonlySet<AttemptRule> = new Set<AttemptRule>([
  'TOKEN_AT_MANY_STATIONS',
  'IMPOSSIBLE_TRAVEL',
  'CONCURRENT_USE',
  'REVOKED_CONTRACT',
  'FORGED_CHAIN',
]);

/** One token may have a copy. */
const RULES_OF_CLONES: ReadonlySet<AttemptRule> = new Set<AttemptRule>([
  'IMPOSSIBLE_TRAVEL',
  'CONCURRENT_USE',
]);

/** A token that somebody should keep an eye on. */
const RULES_OF_WATCHES: ReadonlySet<AttemptRule> = new Set<AttemptRule>([
  'TOKEN_AT_MANY_STATIONS',
  ...RULES_OF_CLONES,
]);

export function isCloneSuspicion({ rule, severity }: Pick<Incident, 'rule' | 'severity'>): boolean {
  return RULES_OF_CLONES.has(rule) && severity === 'HIGH';
}

export function watchesToken({ rule }: Pick<Incident, 'rule'>): boolean {
  return RULES_OF_WATCHES.has(rule);
}

export function subjectOf({ rule, evidence }: Pick<Incident, 'rule' | 'evidence'>): IncidentSubject {
  const latest = evidence.at(-1);
  const isToken = RULES_OF_TOKENS.has(rule);
  return {
    stationId: evidence.findLast(({ stationId }) => stationId !== undefined)?.stationId ?? '',
    tokenId: isToken ? (evidence.findLast(({ tokenId }) => tokenId !== undefined)?.tokenId ?? '') : '',
    tokenMasked: isToken ? (latest?.tokenMasked ?? '') : '',
    identity: rule === 'IDENTITY_SCAN' ? '' : (latest?.identity ?? ''),
    address: latest?.address ?? '',
    replacedAddress: latest?.replacedAddress,
  };
}
