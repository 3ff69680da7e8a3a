import type { ConnectionAttemptParts } from '../api/documents/connections.js';
import type {
  QuarantinedFrameParts,
  StationCommandLogQuery,
  StationFramesQuery,
} from '../api/documents/frames.js';
import { formatTime } from '../ui/format.js';
import { sentenceCase, type Word } from './session-words.js';

type Frame = NonNullable<NonNullable<StationFramesQuery['station']>['frames']>['edges'][number]['node'];
type Command = NonNullable<
  NonNullable<StationCommandLogQuery['station']>['commands']
>['edges'][number]['node'];

/** What became of an attempt to connect: `Let in`, `Unknown station`, `TLS handshake`. */
export function attemptWord({ outcome, reason }: Pick<ConnectionAttemptParts, 'outcome' | 'reason'>): Word {
  if (outcome === 'ACCEPTED') return { text: 'Let in', tone: 'good' };
  const words = sentenceCase(reason ?? 'refused');
  return { text: words.replace(/^Tls\b/, 'TLS'), tone: 'bad' };
}

/** What the charger showed of itself, most telling first; what it did not show is left out. */
export function attemptFacts(attempt: ConnectionAttemptParts): readonly (readonly [string, string])[] {
  const { url, subprotocols, protocol, tls, securityProfile, remoteIp, userAgent, httpStatus } = attempt;
  const facts: [string, string][] = [
    ['Address asked for', url],
    ['Versions offered', subprotocols],
    ['Version chosen', protocol ?? ''],
    ['TLS', tls ?? 'none'],
    ['Security profile', securityProfile === null ? '' : String(securityProfile)],
    ['Came from', remoteIp],
    ['Software', userAgent],
    ['Answered', httpStatus === 0 ? '' : `HTTP ${httpStatus}`],
  ];
  return facts.filter(([, value]) => value !== '');
}

const SETUP_FIELDS: Readonly<Record<string, string>> = {
  url: 'Address of the backend (URL)',
  identity: 'Identity of the charger',
  host: 'Host',
  port: 'Port',
  path: 'Path',
  tls: 'Encrypted (TLS)',
};

/** What a charger's own setup page calls it. */
export function setupFieldText(field: string): string {
  return SETUP_FIELDS[field] ?? sentenceCase(field);
}

// OCPP-J: the first element of a frame.
const KINDS: Readonly<Record<string, string>> = {
  2: 'asks',
  3: 'answers',
  4: 'answers with an error',
  5: 'refuses the answer',
  6: 'tells',
};

/** `Station asks: BootNotification`; what nobody could read says so. */
export function frameTitle({
  direction,
  action,
  text,
}: Pick<Frame, 'direction' | 'action' | 'text'>): string {
  const who = direction === 'RECEIVED' ? 'Station' : 'Kilowatch';
  const kind = KINDS[/^\s*\[\s*(\d)/.exec(text)?.[1] ?? ''];
  if (!kind) return `${who}: unreadable`;
  return `${who} ${kind}: ${action ?? 'unknown action'}`;
}

/** JSON with one line a value; anything else, and what was cut, as it came. */
export function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

const OUTCOMES: Readonly<Record<NonNullable<Command['outcome']>, Word>> = {
  ACCEPTED: { text: 'Accepted', tone: 'good' },
  REJECTED: { text: 'Refused', tone: 'warn' },
  CHARGER_ERROR: { text: 'Charger error', tone: 'bad' },
  OFFLINE: { text: 'Offline', tone: 'quiet' },
  UNKNOWN: { text: 'No answer', tone: 'warn' },
};

/** How a command ended; undefined outcome: it is under way, or was never sent. */
export function commandWord({ outcome, finishedAt }: Pick<Command, 'outcome' | 'finishedAt'>): Word {
  if (outcome) return OUTCOMES[outcome];
  return finishedAt ? { text: 'Not sent', tone: 'quiet' } : { text: 'Under way', tone: 'info' };
}

/** The charger's own words about it: `Scheduled`, `NotSupported: no such profile`. */
export function commandNote({
  status,
  errorCode,
  errorDescription,
}: Pick<Command, 'status' | 'errorCode' | 'errorDescription'>): string {
  return [status, [errorCode, errorDescription].filter(Boolean).join(': ')].filter(Boolean).join(' · ');
}

/** Why a message was set aside: `Does not fit its schema: type`, `Session not found`. */
export function setAsideText(errorCode: string): string {
  const keyword = /^SCHEMA_(.+)$/.exec(errorCode)?.[1];
  return keyword
    ? `Does not fit its schema: ${keyword.replaceAll('_', ' ').toLowerCase()}`
    : sentenceCase(errorCode);
}

/** What an operator typed in place of a payload that came: null for nothing, `unreadable` for what is no JSON object. */
export function correctedPayload(typed: string): Readonly<Record<string, unknown>> | null | 'unreadable' {
  if (typed.trim() === '') return null;
  try {
    const value: unknown = JSON.parse(typed);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** `Processed again on 1 Dec 2026, 14:56`, with the note that was left. */
export function resolutionText({
  resolution,
  resolutionNote,
  resolvedAt,
}: Pick<QuarantinedFrameParts, 'resolution' | 'resolutionNote' | 'resolvedAt'>): string {
  const what = resolution === 'REPLAYED' ? 'Processed again' : 'Dismissed';
  const when = resolvedAt ? ` on ${formatTime(resolvedAt, 'date-time')}` : '';
  return `${what}${when}${resolutionNote ? `: ${resolutionNote}` : ''}`;
}
