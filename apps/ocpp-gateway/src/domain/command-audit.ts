/** What of a command may be kept on record: no token values, passwords or keys (docs/promises.md P8). */
import { maskToken } from '@kilowatch/kernel';
import { isJsonObject, type JsonObject, type JsonValue } from '@kilowatch/ocpp';

const TOKENS: ReadonlySet<string> = new Set([
  'idtag',
  'idtoken',
  'parentidtag',
  'groupidtoken',
  'additionalidtoken',
  'customeridentifier',
]);
const SECRETS = /password|secret|authorizationkey|apn|credential|privatekey|csr|certificate|signature/i;
/** Configuration keys and variables whose value is a secret. */
const SECRET_NAMES = /password|authorizationkey|secret|identity|credential|privatekey|apn|vpn/i;
const REDACTED = '[redacted]';
/** What opens one of our uploads, and what stands before the host of an address. */
const UPLOAD_TOKEN = /(\/uploads\/)[A-Za-z0-9_-]+/g;
const URL_CREDENTIALS = /(\/\/)[^/@\s]+@/g;

export function auditPayload(payload: JsonObject): JsonObject {
  // ChangeConfiguration {key, value} and SetVariables {variable: {name}, attributeValue}: the name tells what the value is.
  const name = nameOf(payload);
  const valueIsSecret = name !== undefined && SECRET_NAMES.test(name);
  return Object.fromEntries(
    Object.entries(payload).map(([key, value]) => {
      if (valueIsSecret && (key === 'value' || key === 'attributeValue')) return [key, REDACTED];
      return [key, audited(key, value)];
    }),
  );
}

function audited(key: string, value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value === 'string') {
    if (TOKENS.has(key.toLowerCase())) return maskToken(value);
    return SECRETS.test(key) ? REDACTED : withoutAddressSecrets(value);
  }
  if (Array.isArray(value)) return value.map((item) => audited(key, item) ?? null);
  return isJsonObject(value) ? auditPayload(value) : value;
}

function withoutAddressSecrets(text: string): string {
  if (!text.includes('//')) return text;
  return text.replace(UPLOAD_TOKEN, `$1${REDACTED}`).replace(URL_CREDENTIALS, `$1${REDACTED}@`);
}

function nameOf(payload: JsonObject): string | undefined {
  if (typeof payload['key'] === 'string') return payload['key'];
  const variable = payload['variable'];
  return isJsonObject(variable) && typeof variable['name'] === 'string' ? variable['name'] : undefined;
}
