/** The product did something else than the case wants. */
export class Deviation extends Error {}

/** The case cannot be played: what it is about is not there. */
export class NotBuilt extends Error {}

export function must(condition: boolean, text: string): asserts condition {
  if (!condition) throw new Deviation(text);
}

/** By value; objects may name their fields in any order. */
export function equals(what: string, actual: unknown, expected: unknown): void {
  const [is, wanted] = [canonical(actual), canonical(expected)];
  if (is !== wanted) throw new Deviation(`${what} is ${is}, not ${wanted}`);
}

/** Every field of `expected` is in `actual`, at any depth; `actual` may hold more. Lists have the same length. */
export function holds(what: string, actual: unknown, expected: unknown): void {
  if (Array.isArray(expected)) {
    must(
      Array.isArray(actual) && actual.length === expected.length,
      `${what} is ${canonical(actual)}, not ${canonical(expected)}`,
    );
    expected.forEach((item, i) => holds(`${what}[${i}]`, (actual as unknown[])[i], item));
  } else if (isObject(expected)) {
    must(isObject(actual), `${what} is ${canonical(actual)}, not ${canonical(expected)}`);
    for (const [key, value] of Object.entries(expected)) holds(`${what}.${key}`, actual[key], value);
  } else equals(what, actual, expected);
}

export function oneOf(what: string, actual: unknown, allowed: readonly unknown[]): void {
  must(allowed.includes(actual), `${what} is ${canonical(actual)}, not one of ${allowed.join(', ')}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function canonical(value: unknown): string {
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
  return text ?? 'absent';
}
