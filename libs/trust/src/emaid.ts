/**
 * E-mobility account identifiers (ISO 15118-2 Annex H, eMI3): country, provider, instance, optional check character; hyphens all or none;
 * case does not count. Two are the same contract when the first 14 characters are. The check character is a warning only: ids with a
 * wrong one are in use (OCHP printed one). DIN SPEC 91286 ids correspond to ISO ones: NL-TNM-012204-5 is NL-TNM-000122045-U.
 */
const ISO = /^([A-Z]{2})(-?)([A-Z0-9]{3})\2([A-Z0-9]{9})(?:\2([A-Z0-9]))?$/;
const DIN = /^([A-Z]{2})(-?)([A-Z0-9]{3})\2([A-Z0-9]{6})\2([0-9X])$/;
/** Room for the longest spelling, so that no rule below sees more. */
const MAX_LENGTH = 18;

export interface Emaid {
  readonly country: string;
  readonly provider: string;
  /** Nine characters, also of a DIN id. */
  readonly instance: string;
  readonly checkCharacter: string | undefined;
  /** The 14 characters by which contracts are compared. */
  readonly key: string;
  /** There is a check character, and it is not the right one: a warning, never a reason to refuse. */
  readonly checkWrong: boolean;
}

/** Undefined: this is no eMAID. */
export function readEmaid(text: string): Emaid | undefined {
  const folded = text.trim().toUpperCase();
  if (folded.length > MAX_LENGTH) return undefined;
  const iso = ISO.exec(folded);
  if (iso) return made(iso[1]!, iso[3]!, iso[4]!, iso[5]);
  const din = DIN.exec(folded);
  return din ? made(din[1]!, din[3]!, `00${din[4]!}${din[5]!}`, undefined) : undefined;
}

/** Whether a certificate's CN and an idToken, say, name one contract. What is no eMAID names none. */
export function isSameContract(one: string, other: string): boolean {
  const [first, second] = [readEmaid(one), readEmaid(other)];
  return first !== undefined && first.key === second?.key;
}

/** The check character of 14 characters. */
export function emaidCheckCharacter(key: string): string {
  return [...ALPHABET].find((character) => isCodeWord(`${key}${character}`))!;
}

function made(
  country: string,
  provider: string,
  instance: string,
  checkCharacter: string | undefined,
): Emaid {
  const key = `${country}${provider}${instance}`;
  const checkWrong = checkCharacter !== undefined && !isCodeWord(`${key}${checkCharacter}`);
  return { country, provider, instance, checkCharacter, key, checkWrong };
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
type Matrix = readonly [readonly [number, number], readonly [number, number]];
const OVER_2: Matrix = [
  [0, 1],
  [1, 1],
];
const OVER_3: Matrix = [
  [0, 1],
  [1, 2],
];

/**
 * eMI3's code: a character is a pair over Z2 and a pair over Z3 (its number divided by 9, and what is left). The sum of the pairs, each
 * multiplied by the matrix as often as its place says (from 1), is zero over both. By Horner from the last place.
 */
function isCodeWord(word: string): boolean {
  const numbers = [...word].reverse().map((character) => ALPHABET.indexOf(character));
  const sum = (of: (n: number) => readonly [number, number], matrix: Matrix, modulus: number): boolean => {
    let [a, b] = [0, 0];
    for (const number of numbers) {
      const [x, y] = of(number);
      const [p, q] = [a + x, b + y];
      a = (p * matrix[0][0] + q * matrix[1][0]) % modulus;
      b = (p * matrix[0][1] + q * matrix[1][1]) % modulus;
    }
    return a === 0 && b === 0;
  };
  const quotient = (n: number): [number, number] => [Math.floor(n / 18), Math.floor(n / 9) % 2];
  const rest = (n: number): [number, number] => [Math.floor((n % 9) / 3), n % 3];
  return sum(quotient, OVER_2, 2) && sum(rest, OVER_3, 3);
}
