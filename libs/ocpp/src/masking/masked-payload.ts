/**
 * What of a message may be kept and shown: no token values, passwords, keys or certificates (docs/promises.md, "Secrets and personal
 * data"). The name of a property says what its value is; JSON that stands as text within JSON (plug and charge over 1.6,
 * DataTransfer, errors that repeat our payload) is looked into too.
 */
import { maskToken } from '@kilowatch/kernel';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js';
import { withoutNamedValues } from './named-values.js';

const TOKENS: ReadonlySet<string> = new Set([
  'idtag',
  'idtoken',
  'parentidtag',
  'groupidtoken',
  'additionalidtoken',
  'customeridentifier',
  'emaid',
  'evccid',
]);
const SECRETS =
  /password|keycode|secret|authorizationkey|apn|credential|privatekey|csr|certificate(?!type$|status$|use$)|signature/i;
const SECRET_NUMBERS = /password|keycode|secret|authorizationkey|privatekey/i;
/** Configuration keys and variables whose value is a secret. */
const SECRET_NAMES = /password|authorizationkey|secret|identity|credential|privatekey|apn|vpn/i;
const VALUES: ReadonlySet<string> = new Set(['value', 'attributeValue', 'actualValue']);
/** What opens one of our uploads, and what stands before the host of an address. */
const UPLOAD_TOKEN = /(\/uploads\/)[A-Za-z0-9_-]+/g;
const URL_CREDENTIALS = /(\/\/)[^/@\s"]+@/g;
const LOOKS_LIKE_JSON = /^\s*[[{]/;
export const REDACTED = '[redacted]';

export function maskedPayload(payload: JsonObject): JsonObject {
  // ChangeConfiguration {key, value} and SetVariables {variable: {name}, attributeValue}: the name tells what the value is. A report
  // has the value one level lower, {variable: {name}, variableAttribute: [{value}]}.
  const name = nameOf(payload);
  return maskedObject(payload, name !== undefined && SECRET_NAMES.test(name));
}

function maskedObject(payload: JsonObject, valueIsSecret: boolean): JsonObject {
  return Object.fromEntries(
    Object.entries(payload).map(([key, value]) => {
      if (valueIsSecret && VALUES.has(key)) return [key, REDACTED];
      // C04: what is typed at a keypad is short, and its last four too much of it.
      if (key === 'idToken' && payload['type'] === 'KeyCode' && !isJsonObject(value)) return [key, REDACTED];
      if (valueIsSecret && key === 'variableAttribute' && Array.isArray(value))
        return [key, value.map((item) => (isJsonObject(item) ? maskedObject(item, true) : item))];
      return [key, maskedValue(key, value)];
    }),
  );
}

function maskedValue(key: string, value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value === 'string' || typeof value === 'number') {
    if (TOKENS.has(key.toLowerCase())) return maskToken(String(value));
    if (typeof value === 'number') return SECRET_NUMBERS.test(key) ? REDACTED : value;
    return SECRETS.test(key) ? REDACTED : maskedText(value);
  }
  if (Array.isArray(value)) return value.map((item) => maskedValue(key, item) ?? null);
  return isJsonObject(value) ? maskedPayload(value) : value;
}

function nameOf(payload: JsonObject): string | undefined {
  if (typeof payload['key'] === 'string') return payload['key'];
  const variable = payload['variable'];
  return isJsonObject(variable) && typeof variable['name'] === 'string' ? variable['name'] : undefined;
}

/** The same for text that may be JSON, may have been JSON before something cut it off, or may hold an address. */
export function maskedText(text: string): string {
  return maskedIfJson(text) ?? withoutNamedValues(withoutAddressSecrets(text));
}

/** Undefined for what is no JSON, or nested more deeply than can be walked. */
function maskedIfJson(text: string): string | undefined {
  if (!LOOKS_LIKE_JSON.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    const masked = JSON.stringify(maskedJson(value));
    // White space of what holds no secret stays as it was written.
    return masked === JSON.stringify(value) ? text : masked;
  } catch {
    return undefined;
  }
}

function maskedJson(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(maskedJson);
  if (typeof value === 'string') return maskedText(value);
  return isJsonObject(value) ? maskedPayload(value) : value;
}

function withoutAddressSecrets(text: string): string {
  if (!text.includes('//')) return text;
  return text.replace(UPLOAD_TOKEN, `$1${REDACTED}`).replace(URL_CREDENTIALS, `$1${REDACTED}@`);
}
