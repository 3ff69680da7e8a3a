// Looks at the text of a frame once, before JSON.parse, for what the parsed value can no longer tell.
//
// Duplicate property names: JSON.parse keeps the last one silently. Colons outside strings count the properties that
// were written, the parsed value has the properties that were kept: a difference means that a name came twice. This
// finds every duplicate without a set per object, at about the cost of reading the text.

import { isJsonObject } from '../json.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export interface TextScan {
  depth: number;
  properties: number;
}

/** Deepest nesting and number of properties written. Right for valid JSON; harmless for anything else. */
export function scanText(text: string): TextScan {
  let depth = 0;
  let deepest = 0;
  let properties = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) i = endOfString(text, i);
    else if (c === COLON) properties++;
    else if (c === OPEN_BRACE || c === OPEN_BRACKET) deepest = Math.max(deepest, ++depth);
    else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) depth--;
  }
  return { depth: deepest, properties };
}

/** Index of the closing quote of the string that opens at `start`; the text's end when it never closes. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

export interface ValueScan {
  properties: number;
  /** `__proto__` was written as a property name: copied by assignment it would replace a prototype. */
  forbidden: boolean;
}

/** Properties kept by JSON.parse. The depth has been limited before, so recursion is bounded. */
export function scanValue(value: unknown): ValueScan {
  const scan: ValueScan = { properties: 0, forbidden: false };
  count(value, scan);
  return scan;
}

function count(value: unknown, scan: ValueScan): void {
  if (Array.isArray(value)) {
    for (const item of value) count(item, scan);
  } else if (isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      scan.properties++;
      if (key === '__proto__') scan.forbidden = true;
      count(value[key], scan);
    }
  }
}
