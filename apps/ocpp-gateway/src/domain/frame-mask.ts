/**
 * A frame as people may see it in the trace: no token values, passwords, keys or certificates, and not longer than what is
 * worth keeping. The cheap look comes first, because nearly all frames (readings, status, heartbeats) hold nothing secret.
 */
import { storableText } from '@kilowatch/kernel';
import {
  isJsonObject,
  MESSAGE_TYPE,
  maskedPayload,
  maskedText,
  REDACTED,
  withoutNamedValues,
} from '@kilowatch/ocpp';

/** UTF-16 units kept of one frame: enough for all but reports and signed values. */
export const KEPT_LENGTH = 8_192;

/** Whatever may name a secret anywhere in the text; libs/ocpp/src/masking decides which value it is. */
const SUSPICIOUS =
  /idtag|idtoken|password|secret|authorizationkey|identity|credential|apn|vpn|privatekey|"csr|certificate|signature|customeridentifier|emaid|evccid|keycode|notifycustomerinformation|\/uploads\/|\/\/[^/@\s"]+@/i;
/** A call whose payload is no object: no name says what it is. */
const BARE_PAYLOAD = /^\s*\[\s*[26]\s*,\s*"[^"]*"\s*,\s*"[^"]*"\s*,\s*[^{\s]/;

/** What a station knows of a driver: for whoever asked for it, not for the trace. */
const CUSTOMER = 'NotifyCustomerInformation';

const { CALL, SEND } = MESSAGE_TYPE;

export interface MaskedFrame {
  readonly text: string;
  readonly truncated: boolean;
}

export function maskFrame(text: string): MaskedFrame {
  const shown = SUSPICIOUS.test(text) || BARE_PAYLOAD.test(text) ? masked(text) : text;
  const clean = storableText(shown);
  return clean.length > KEPT_LENGTH
    ? { text: clean.slice(0, KEPT_LENGTH), truncated: true }
    : { text: clean, truncated: false };
}

/** What no parser reads, or is nested more deeply than can be walked, is searched by its names alone. */
function masked(text: string): string {
  try {
    return maskedJson(text);
  } catch {
    return withoutNamedValues(text);
  }
}

function maskedJson(text: string): string {
  const frame: unknown = JSON.parse(text);
  // What is no array is a fault of the charger: shown as far as it can be.
  if (!Array.isArray(frame)) return maskedText(text);
  const [type, id, action, ...rest] = frame as unknown[];
  // Nor is one that does not begin with the type of a message: nobody knows what its parts are.
  if (typeof type !== 'number') return JSON.stringify(frame.map((part) => shownPart(part, REDACTED)));
  const isCall = type === CALL || type === SEND;
  const parts = [
    shownPart(action),
    ...rest.map((part) => shownPart(part, isCall ? REDACTED : undefined)),
  ].map((part) => (action === CUSTOMER ? withoutData(part) : part));
  return JSON.stringify([type, id, ...parts].slice(0, frame.length));
}

/** Objects without secrets; text as `text` when that is given, else without what it names. */
function shownPart(part: unknown, text?: string): unknown {
  if (isJsonObject(part)) return maskedPayload(part);
  if (typeof part === 'string') return text ?? maskedText(part);
  return Array.isArray(part) ? part.map((item) => shownPart(item, text)) : part;
}

function withoutData(part: unknown): unknown {
  return isJsonObject(part) && 'data' in part ? { ...part, data: REDACTED } : part;
}
