import { maskToken } from '@kilowatch/kernel';

/**
 * A secret that is put into the system to see where it comes out again. Long and random, so that what looks like it is it.
 */
export interface Canary {
  /** What it is, as a failure names it. */
  readonly name: string;
  readonly value: string;
}

export interface Needle {
  readonly canary: Canary;
  readonly form: string;
  readonly text: string;
}

/** Shorter pieces would be found by chance; bytes are any of 256, letters of base64 any of 38. */
const LEAST_LENGTH: Readonly<Record<string, number>> = { bytes: 7, base64: 8, base64url: 8 };
const LEAST_OF_OTHERS = 10;
const HEX_BYTES = /^(?:[0-9a-f]{2}){4,}$/i;

/** All spellings in which a canary may have been written, folded as `folded` and `squeezed` fold what is searched. */
export function needlesOf(canary: Canary): Needle[] {
  const { value } = canary;
  const forms: [string, string][] = [
    ['plain', value],
    ['URL-encoded', encodeURIComponent(value)],
    ['hex', Buffer.from(value).toString('hex')],
    ...base64Forms(Buffer.from(value)),
  ];
  if (HEX_BYTES.test(value)) {
    const bytes = Buffer.from(value, 'hex');
    forms.push(['bytes', bytes.toString('latin1')], ...base64Forms(bytes));
    forms.push(['reversed bytes', Buffer.from(bytes).reverse().toString('hex')]);
  }
  const texts = new Map<string, string>();
  for (const [form, text] of forms) {
    const least = LEAST_LENGTH[form] ?? LEAST_OF_OTHERS;
    for (const spelling of [folded(text), squeezed(text)])
      if (spelling.length >= least && !texts.has(spelling)) texts.set(spelling, form);
  }
  return [...texts].map(([text, form]) => ({ canary, form, text }));
}

/**
 * Base64 of the bytes wherever they stand in what was encoded (`user:password`): at each of the three offsets, without the characters
 * that neighbours have a part in; of both alphabets.
 */
function base64Forms(bytes: Buffer): [string, string][] {
  return [0, 1, 2].flatMap((offset): [string, string][] => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor(((offset + bytes.length) * 8) / 6);
    const inner = encoded.slice(first, last);
    return [
      ['base64', inner],
      ['base64url', inner.replaceAll('+', '-').replaceAll('/', '_')],
    ];
  });
}

/** Case does not count. */
export function folded(text: string): string {
  return text.toLowerCase();
}

/** Nor do separators between bytes and words, escapes and line ends of PEM. */
export function squeezed(text: string): string {
  return text.toLowerCase().replace(/\\[nrt]|[\s:._\-\\]/g, '');
}

export interface Finding {
  readonly canary: Canary;
  readonly form: string;
  /** The text around it, the canary masked. */
  readonly excerpt: string;
}

const AROUND = 90;

/** Looks for all canaries at once. */
export class CanarySearch {
  private readonly needles: readonly Needle[];

  constructor(canaries: readonly Canary[]) {
    this.needles = canaries.flatMap((canary) => {
      const needles = needlesOf(canary);
      if (needles.length === 0) throw new Error(`the ${canary.name} is too short to be looked for`);
      return needles;
    });
  }

  /** One finding for a canary, the first. */
  in(text: string): Finding[] {
    const haystacks = [folded(text), squeezed(text)];
    const found = new Map<Canary, Finding>();
    for (const { canary, form, text: needle } of this.needles) {
      if (found.has(canary)) continue;
      const haystack = haystacks.find((candidate) => candidate.includes(needle));
      if (haystack === undefined) continue;
      const at = haystack.indexOf(needle);
      // Other canaries at its edges are masked whole before it is cut.
      const wide = haystack.slice(Math.max(0, at - 10 * AROUND), at);
      const behind = haystack.slice(at + needle.length, at + needle.length + 10 * AROUND);
      const excerpt = `${this.masked(wide).slice(-AROUND)}${maskToken(needle)}${this.masked(behind).slice(0, AROUND)}`;
      found.set(canary, { canary, form, excerpt });
    }
    return [...found.values()];
  }

  /** A failure is read in logs of CI: it must not be a leak itself. */
  private masked(excerpt: string): string {
    let text = excerpt;
    for (const { text: needle } of this.needles) text = text.replaceAll(needle, maskToken(needle));
    return text.replace(/[^\x20-\x7e]/g, '?');
  }
}
