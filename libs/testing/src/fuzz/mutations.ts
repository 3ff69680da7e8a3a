// Ways to spoil a message: in its structure, as chargers do, and in its text, as bad memory and hostile peers do.
import fc from 'fast-check';

type Mutation = (value: unknown) => unknown;

const hugeText = fc.constantFrom(300, 5_000, 70_000).map((length) => 'x'.repeat(length));
const strange = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    0,
    -1,
    1.5,
    true,
    {},
    [],
    2 ** 31,
    2 ** 53,
    -(2 ** 63),
    1e308,
    '0',
    'NaN',
  ),
  fc.constantFrom<unknown>(
    '1970-01-01T00:00:00Z',
    '2026-02-30T25:61:00Z',
    'yesterday',
    '2026-11-21T01:00:00+25:00',
  ),
  fc.constantFrom<unknown>(
    'constructor',
    'toString',
    '__proto__',
    'hasOwnProperty',
    '\u0000',
    '\ud800',
    '💥',
  ),
  fc.string(),
  fc.double(),
  hugeText,
  fc.jsonValue({ maxDepth: 3 }),
);
const names = fc.oneof(
  fc.constantFrom('constructor', 'toString', '__proto__', 'customData', 'transactionId', 'status', ''),
  fc.string({ maxLength: 60 }),
);

/** What happens to the member that is hit. */
const mutation: fc.Arbitrary<(object: Record<string, unknown>, key: string) => void> = fc.oneof(
  strange.map(
    (value) => (object: Record<string, unknown>, key: string) => void (object[key] = structuredClone(value)),
  ),
  fc.constant((object: Record<string, unknown>, key: string) => void delete object[key]),
  fc.constant((object: Record<string, unknown>, key: string) => {
    const value = object[key];
    if (typeof value === 'number') object[key] = String(value);
    if (typeof value === 'string') object[key] = Number(value);
  }),
  fc.constant(
    (object: Record<string, unknown>, key: string) => void (object[key] = [object[key], object[key]]),
  ),
  fc.constant((object: Record<string, unknown>, key: string) => {
    if (typeof object[key] === 'string') object[key] = object[key].toUpperCase();
  }),
  fc.tuple(names, strange).map(
    ([name, value]) =>
      (object: Record<string, unknown>) =>
        void Object.defineProperty(object, name, {
          value: structuredClone(value),
          enumerable: true,
          configurable: true,
          writable: true,
        }),
  ),
  fc.nat({ max: 40 }).map((levels) => (object: Record<string, unknown>, key: string) => {
    for (let i = 0; i < levels; i++) object[key] = i % 2 === 0 ? [object[key]] : { a: object[key] };
  }),
);

const step: fc.Arbitrary<Mutation> = fc.tuple(fc.nat(), mutation).map(([which, change]) => (value) => {
  const places = membersOf(value);
  const place = places[which % places.length];
  if (place) change(place.holder, place.key);
  return value;
});

/** The message, spoiled in up to `most` places. */
export function spoiled(message: fc.Arbitrary<unknown>, most = 5): fc.Arbitrary<unknown> {
  return fc
    .tuple(message, fc.array(step, { maxLength: most }))
    .map(([value, steps]) => steps.reduce((spoilt, change) => change(spoilt), structuredClone(value)));
}

/** A frame whose last part alone is spoiled: its id, its type and its action are in order. */
export function spoiledWithin(frame: fc.Arbitrary<unknown>, most = 5): fc.Arbitrary<unknown> {
  return fc.tuple(frame, fc.array(step, { maxLength: most })).map(([value, steps]) => {
    const parts = structuredClone(value) as unknown[];
    const last = parts.pop();
    return [...parts, steps.reduce((spoilt, change) => change(spoilt), last)];
  });
}

interface Member {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function membersOf(value: unknown, found: Member[] = []): Member[] {
  if (typeof value !== 'object' || value === null) return found;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    found.push({ holder, key });
    membersOf(holder[key], found);
  }
  return found;
}

const scraps = fc.constantFrom(
  ',',
  '"',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\\',
  '\u0000',
  'null',
  '[2,"',
  '{"a":1,"a":2}',
  '💥',
);

const cut: fc.Arbitrary<(text: string) => string> = fc
  .tuple(fc.nat(), fc.nat({ max: 20 }), fc.oneof(fc.constant(''), scraps, fc.string({ maxLength: 8 })))
  .map(([at, length, scrap]) => (text) => {
    const from = text.length === 0 ? 0 : at % text.length;
    return text.slice(0, from) + scrap + text.slice(from + length);
  });

/** The text with up to `most` pieces cut out or put in. */
export function torn(text: fc.Arbitrary<string>, most = 3): fc.Arbitrary<string> {
  return fc
    .tuple(text, fc.array(cut, { minLength: 1, maxLength: most }))
    .map(([whole, cuts]) => cuts.reduce((spoilt, change) => change(spoilt), whole));
}
