/**
 * A frame as people may see it in the trace: no token values, passwords, keys or certificates, and not longer than what is
 * worth keeping. The cheap look comes first, because nearly all frames (readings, status, heartbeats) hold nothing secret.
 */
import { maskToken, storableText } from '@kilowatch/kernel';
import { isJsonObject, type JsonValue } from '@kilowatch/ocpp';
import { auditPayload } from './command-audit.js';

/** UTF-16 units kept of one frame: enough for all but reports and signed values. */
export const KEPT_LENGTH = 8_192;

/** Whatever may name a secret anywhere in the text; command-audit.ts decides which value it is. */
const SUSPICIOUS =
  /idtag|idtoken|password|secret|authorizationkey|identity|credential|apn|vpn|privatekey|"csr|certificate|signature|customeridentifier|notifycustomerinformation|\/uploads\/|\/\/[^/@\s"]+@/i;
/** Values of such properties in a text that is no JSON. */
const SECRET_VALUES =
  /("(?:[a-z]*id_?tag|[a-z]*idtoken|[a-z]*password|authorizationkey|value|attributevalue|csr|[a-z]*certificate[a-z]*)"\s*:\s*)"((?:[^"\\]|\\.)*)"?/gi;

/** What a station knows of a driver: for whoever asked for it, not for the trace. */
const CUSTOMER = 'NotifyCustomerInformation';

export interface MaskedFrame {
  readonly text: string;
  readonly truncated: boolean;
}

export function maskFrame(text: string): MaskedFrame {
  const shown = SUSPICIOUS.test(text) ? masked(text) : text;
  const clean = storableText(shown);
  return clean.length > KEPT_LENGTH
    ? { text: clean.slice(0, KEPT_LENGTH), truncated: true }
    : { text: clean, truncated: false };
}

function masked(text: string): string {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return text.replace(
      SECRET_VALUES,
      (_whole, name: string, value: string) => `${name}"${maskToken(value)}"`,
    );
  }
  if (!Array.isArray(frame)) return maskedValue(frame as JsonValue, text);
  const parts = frame.map((part: unknown) => (isJsonObject(part) ? auditPayload(part) : part));
  return JSON.stringify(frame[2] === CUSTOMER ? parts.map(withoutData) : parts);
}

function withoutData(part: unknown): unknown {
  return isJsonObject(part) && 'data' in part ? { ...part, data: '[redacted]' } : part;
}

/** A frame that is no array is a fault of the charger: shown as far as it can be. */
function maskedValue(value: JsonValue, text: string): string {
  return isJsonObject(value) ? JSON.stringify(auditPayload(value)) : text;
}
