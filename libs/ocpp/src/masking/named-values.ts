/** Text that no parser can read: cut off, or never JSON. The name before a value says what it is. */
import { maskToken } from '@kilowatch/kernel';

/** Their ends: what stands before them in a word does not matter. No part of the search may run over the text again and again. */
const NAMES =
  'id_?tag|idtoken|emaid|keycode|password|secret|credentials?|privatekey|authorizationkey|value|csr|certificate[a-z]{0,20}';
/** `"name":"value"`, the same escaped as text within text, `name: value`; each perhaps without its end. */
const NAMED_VALUES = new RegExp(
  String.raw`((?:${NAMES})(?:\\*")?\s*[:=]\s*\[?\s*)` +
    String.raw`(?:"((?:\\.|[^"\\])*)|(\\+")((?:(?!\3)[\s\S])*)|([^\s,"'{}\[\]\\]+))`,
  'gi',
);

const TOKEN = /^(?:id_?tag|idtoken|emaid)/i;

export function withoutNamedValues(text: string): string {
  return text.replace(
    NAMED_VALUES,
    (_whole, name: string, plain?: string, quote?: string, escaped?: string, bare?: string) => {
      // Of a token the last four may be seen, of a password nothing.
      const shown = (value: string) => (TOKEN.test(name) ? maskToken(value) : '[redacted]');
      if (plain !== undefined) return `${name}"${shown(plain)}`;
      if (quote !== undefined) return `${name}${quote}${shown(escaped ?? '')}`;
      return `${name}${shown(bare ?? '')}`;
    },
  );
}
