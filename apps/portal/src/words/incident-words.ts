import type { IncidentPageQuery, IncidentParts } from '../api/documents/incidents.js';
import type { Tone, Word } from './session-words.js';

const RULES: Readonly<Record<IncidentParts['rule'], string>> = {
  TOKEN_GUESSING: 'Somebody tries cards',
  KEY_CODE_GUESSING: 'Somebody tries codes at a keypad',
  TOKEN_AT_MANY_STATIONS: 'A refused card at several stations',
  IMPOSSIBLE_TRAVEL: 'A card in two places at once',
  CONCURRENT_USE: 'A card used while it charges elsewhere',
  REVOKED_CONTRACT: 'A revoked contract is presented again',
  FORGED_CHAIN: 'A contract certificate that is not what it claims',
  SEQUENTIAL_UIDS: 'Card numbers tried one after another',
  STATION_CREDENTIAL: 'Somebody fails to prove that they are a station',
  IDENTITY_SCAN: 'Names of stations tried from one address',
  NEW_NETWORK: 'A station from another network while it is connected',
  CONNECTION_FLAPPING: 'Connections of a station that keep replacing each other',
  PROFILE_DOWNGRADE: 'A station with less security than it was set up for',
  UNAUTHORISED_START: 'A station started for a card that nobody allowed',
  MASTER_PASS_START: 'A master pass started charging',
  OFFLINE_ENERGY: 'Energy for a refused card while the station was offline',
};

/** What was noticed. A rule that is not known here is told by its name. */
export function ruleText(rule: IncidentParts['rule']): string {
  return RULES[rule] ?? String(rule).replaceAll('_', ' ').toLowerCase();
}

const SEVERITIES: Readonly<Record<IncidentParts['severity'], { text: string; tone: Tone }>> = {
  LOW: { text: 'Low', tone: 'info' },
  MEDIUM: { text: 'Medium', tone: 'warn' },
  HIGH: { text: 'High', tone: 'bad' },
};

const CLOSED: Readonly<Record<NonNullable<IncidentParts['closeReason']>, string>> = {
  QUIET: 'Closed: nothing more was seen',
  PERSON: 'Closed by a person',
  MERGED: 'Joined to another',
  EXPLAINED: 'Explained by what came later',
};

/** How bad it is while it is open, else why it is closed. */
export function incidentWord({
  status,
  severity,
  closeReason,
}: Pick<IncidentParts, 'status' | 'severity' | 'closeReason'>): Word {
  if (status === 'OPEN') return SEVERITIES[severity];
  return { text: (closeReason && CLOSED[closeReason]) || 'Closed', tone: 'quiet' };
}

type About = Pick<IncidentParts, 'tokenMasked' | 'identity' | 'address'> & {
  readonly station: { readonly name: string } | null;
};

/** Who and where: the card or the claimed name, the station, the address. */
export function aboutText({ tokenMasked, identity, address, station }: About): string {
  const who = tokenMasked ?? (identity ? `as ${identity}` : '');
  const where = station ? `at ${station.name}` : '';
  return [who, where, address ? `from ${address}` : ''].filter(Boolean).join(' ');
}

type Sign = NonNullable<IncidentPageQuery['incident']>['evidence'][number];

/** One sign as a line: who, where, what else is known of it. */
export function signText(sign: Sign): string {
  const evse = sign.evseNumber ? `, point ${sign.evseNumber}` : '';
  const times = sign.times > 1 ? ` (${sign.times} times)` : '';
  const replaced = sign.replacedAddress ? `: took the place of one from ${sign.replacedAddress}` : '';
  const detail = sign.detail ? `: ${sign.detail.replaceAll('_', ' ')}` : '';
  return `${aboutText(sign) || 'seen'}${evse}${replaced}${detail}${times}`;
}
