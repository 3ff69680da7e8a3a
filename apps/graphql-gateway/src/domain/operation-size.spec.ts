import fc from 'fast-check';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { operationSize, type OperationSize, type Variables } from './operation-size.js';

const schema = buildSchema(`
  type Query { session(id: ID): Session  sessions(first: Int!): SessionConnection!  me: String }
  type Mutation { signIn(email: String): Result  refreshSession: Result  touch: Int }
  type SessionConnection { edges: [Edge!]! }
  type Edge { node: Session! }
  type Session { id: ID! station: Station! alerts: [Alert!]! powerCurve: [Point!]! tags: [String!]!
    signedReadings: SignedReadings invoice: Invoice }
  type SignedReadings { records: [Point!]! }
  type Invoice { pdf: Paper }
  type Paper { name: String }
  type Station { id: ID! session: Session }
  type Alert { id: ID! session: Session }
  type Point { at: Int }
  union Result = Station | Alert
`);

function size(query: string, variables: Variables = {}): OperationSize {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('one operation');
  return operationSize(schema, document, operation, variables);
}

describe('operationSize', () => {
  it('counts levels of fields, fragments not being levels', () => {
    expect(size('{ me }').depth).toBe(1);
    expect(size('{ session { station { id } } }').depth).toBe(3);
    expect(
      size('{ ... { ...F } } fragment F on Query { session { ... on Session { station { id } } } }').depth,
    ).toBe(3);
  });

  it('counts a fragment wherever it is spread', () => {
    const query =
      '{ a: session { ...F } b: session { ...F } } fragment F on Session { x: id y: id @include(if: true) }';
    expect(size(query)).toMatchObject({ aliases: 6, directives: 2, depth: 2 });
  });

  it('counts directives of the operation, of spreads and of inline fragments', () => {
    const query = 'query @a { ...F @b ... @c { me @d } } fragment F on Query { me @e }';
    expect(size(query).directives).toBe(5);
  });

  it.each<[string, number, Variables?]>([
    ['{ me }', 0],
    ['{ session { id tags } }', 1],
    ['{ session { station { id } } }', 2],
    // 1 connection + 10 * (edge + node)
    ['{ sessions(first: 10) { edges { node { id } } } }', 21],
    ['query ($n: Int!) { sessions(first: $n) { edges { node { id } } } }', 201, { n: 100 }],
    ['query ($n: Int! = 20) { sessions(first: $n) { edges { node { id } } } }', 41],
    // a list without `first`: 5 * (alert + session)
    ['{ session { alerts { session { id } } } }', 11],
    ['{ session { powerCurve { at } } }', 51],
    // drawn anew for each reader
    ['{ session { invoice { pdf { name } } } }', 1002],
    ['{ sessions(first: 5) { edges { node { invoice { pdf { name } } } } } }', 1 + 5 * (1 + 1002)],
    // signatures are verified for each reader, and there may be many
    ['{ session { signedReadings { records { at } } } }', 1 + 200 + 100],
    ['mutation { touch }', 10],
    ['mutation { a: touch b: touch }', 20],
    // the fields of the schema itself are refused elsewhere
    ['{ __schema { types { fields { name } } } }', 0],
  ])('costs %s as %d', (query, cost, variables) => {
    expect(size(query, variables).cost).toBe(cost);
  });

  it.each([0, -5, null, 'many', Number.NaN, 0.5])('never gets cheaper by a first of %s', (n) => {
    const query = 'query ($n: Int!) { sessions(first: $n) { edges { node { id } } } }';
    expect(size(query, { n }).cost).toBe(3);
  });

  it('finds attempts to sign in behind aliases and fragments', () => {
    const query =
      'mutation { a: signIn { __typename } ...F refreshSession { __typename } } fragment F on Mutation { signIn { __typename } }';
    expect(size(query).credentialFields).toBe(3);
  });

  it('measures a tree of fragments that would unfold to 2^200 fields at once', () => {
    const fragments = Array.from(
      { length: 200 },
      (_, n) =>
        `fragment F${n} on Session { a: station { session { ...F${n + 1} } } b: station { session { ...F${n + 1} } } }`,
    );
    const measured = size(`{ session { ...F0 } } ${fragments.join(' ')} fragment F200 on Session { id }`);
    expect(measured.cost).toBeGreaterThan(1e60);
    expect(measured.depth).toBe(402);
  });

  it('is never smaller with more in the operation', () => {
    const selection = fc.letrec<{ set: string }>((tie) => ({
      set: fc
        .array(
          fc.oneof(
            { depthSize: 'small' },
            fc.constant('id'),
            fc
              .tuple(fc.constantFrom('alerts', 'x: alerts'), tie('set'))
              .map(([name, set]) => `${name} { session ${set} }`),
            tie('set').map((set) => `... on Session ${set}`),
          ),
          { minLength: 1, maxLength: 3 },
        )
        .map((parts) => `{ ${parts.join(' ')} }`),
    })).set;
    fc.assert(
      fc.property(selection, selection, (one, more) => {
        const small = size(`{ session ${one} }`);
        const big = size(`{ session ${one} another: session ${more} }`);
        for (const key of Object.keys(small) as (keyof OperationSize)[]) {
          expect(big[key]).toBeGreaterThanOrEqual(small[key]);
        }
      }),
    );
  });
});
