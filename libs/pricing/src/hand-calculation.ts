/**
 * Works out a calculation written by hand, `10 x 0.40 + 10 x 0.20 / 1.21`, with fractions: what the tables of price cases
 * are compared with. It shares nothing with the engine.
 */
interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([-+x/()]))/y;

/** The value of a calculation to 30 decimal places, half away from zero. Throws an Error when it is none. */
export function workedOut(calculation: string): string {
  const tokens = tokensOf(calculation);
  let next = 0;

  const factor = (): Fraction => {
    const token = tokens[next];
    next += 1;
    if (token === '-') {
      const { over, under } = factor();
      return { over: -over, under };
    }
    if (token === '(') {
      const inner = sum();
      if (tokens[next] !== ')') throw new Error(`a bracket is not closed: ${calculation}`);
      next += 1;
      return inner;
    }
    if (token === undefined || !/^\d/.test(token)) throw new Error(`a number is missing: ${calculation}`);
    const [whole, decimals = ''] = token.split('.');
    return { over: BigInt(whole + decimals), under: 10n ** BigInt(decimals.length) };
  };
  const product = (): Fraction => {
    let value = factor();
    while (tokens[next] === 'x' || tokens[next] === '/') {
      const divides = tokens[next] === '/';
      next += 1;
      const { over, under } = factor();
      value = divides
        ? { over: value.over * under, under: value.under * over }
        : { over: value.over * over, under: value.under * under };
    }
    return value;
  };
  const sum = (): Fraction => {
    let value = product();
    while (tokens[next] === '+' || tokens[next] === '-') {
      const sign = tokens[next] === '-' ? -1n : 1n;
      next += 1;
      const { over, under } = product();
      value = { over: value.over * under + sign * over * value.under, under: value.under * under };
    }
    return value;
  };

  const value = sum();
  if (next < tokens.length) throw new Error(`something is left over: ${calculation}`);
  return decimalText(value);
}

function tokensOf(calculation: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const text = calculation.trim();
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`this is no calculation: ${calculation}`);
    tokens.push((match[1] ?? match[2])!);
  }
  return tokens;
}

const PLACES = 30;

function decimalText({ over, under }: Fraction): string {
  const negative = over < 0n !== under < 0n;
  const size = (value: bigint) => (value < 0n ? -value : value);
  const scaled = (size(over) * 10n ** BigInt(PLACES) * 2n + size(under)) / (size(under) * 2n);
  const digits = scaled.toString().padStart(PLACES + 1, '0');
  const text = `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`.replace(/\.?0+$/, '');
  return negative && scaled > 0n ? `-${text}` : text;
}
