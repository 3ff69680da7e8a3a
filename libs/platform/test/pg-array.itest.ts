import pg from 'pg';
import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '@kilowatch/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pgArray, unlessAllNull } from '../src/index.js';

// Real: Postgres, which must read from our bytes what it reads from the driver's text.
let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await database?.drop();
});

const nullable = <T>(values: fc.Arbitrary<T>) => fc.array(fc.option(values), { maxLength: 20 });
const instants = fc.date({
  min: new Date('0100-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
});
const texts = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((text) => text.replaceAll('\0', '') + '\\"{},');
/** The driver's text says 0 for -0. */
const withoutMinusZero = (value: number) => value + 0;
const whole = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });

const TYPES: [type: string, values: fc.Arbitrary<unknown[]>, encode: (values: never) => Buffer][] = [
  ['bool', nullable(fc.boolean()), pgArray.bool],
  ['int2', nullable(whole(16)), pgArray.int2],
  ['int4', nullable(whole(32)), pgArray.int4],
  ['int8', nullable(fc.oneof(fc.maxSafeInteger(), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String))), pgArray.int8], // prettier-ignore
  [
    'float4',
    nullable(fc.float({ noNaN: true, noDefaultInfinity: true }).map(withoutMinusZero)),
    pgArray.float4,
  ],
  ['uuid', nullable(fc.uuid()), pgArray.uuid],
  ['timestamptz', nullable(instants), pgArray.timestamptz],
  ['text', nullable(texts), pgArray.text],
  ['json', nullable(fc.json()), pgArray.json],
  ['bytea', nullable(fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))), pgArray.bytea],
];

it.each(TYPES)('%s: Postgres reads the same as from text', async (type, values, encode) => {
  await fc.assert(
    fc.asyncProperty(values, async (array) => {
      const { rows } = await client.query(`select $1::${type}[]::text as ours, $2::${type}[]::text as text`, [
        encode(array as never),
        array,
      ]);
      expect(rows[0].ours).toBe(rows[0].text);
    }),
    { numRuns: 40 },
  );
});

it.each([
  ['a UUID', () => pgArray.uuid(["1' or '1'='1"])],
  ['a UUID', () => pgArray.uuid(['0b2e4f60+89c1-4d6e-9f5a-0123456789ab'])],
  ['a UUID', () => pgArray.uuid(['0b2e4f60-89c1-4d6e-9f5a-0123456789aé'])],
  ['a whole number', () => pgArray.int8([1.5])],
  ['an int4', () => pgArray.int4([Number.NaN])],
  ['an int4', () => pgArray.int4([2 ** 31])],
  ['a whole number', () => pgArray.int2([1.5])],
  ['an instant', () => pgArray.timestamptz([new Date(Number.NaN)])],
])('what is not %s is refused before it is sent', (_what, encode) => {
  expect(encode).toThrow(/This is no/);
});

it('a column that is null in every row is not sent, and is null in every row', async () => {
  const nothing: null[] = [null, null, null];
  const empty = pgArray.int4(unlessAllNull(nothing));
  expect(empty.length).toBeLessThan(pgArray.int4(nothing).length);
  const { rows } = await client.query(`select unnest($1::text[]) as id, unnest($2::int[]) as figure`, [
    pgArray.text(['a', 'b', 'c']),
    empty,
  ]);
  expect(rows).toEqual(['a', 'b', 'c'].map((id) => ({ id, figure: null })));
  expect(unlessAllNull([null, 1])).toEqual([null, 1]);
});
