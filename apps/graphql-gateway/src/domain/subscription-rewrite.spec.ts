import { buildSchema, getOperationAST, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { EVENT_ID, rewriteSubscription } from './subscription-rewrite.js';

const schema = buildSchema(`
  type Query { session(id: ID!): Session  station(id: ID!): Session  alert(id: ID!): Session }
  type Subscription { sessionUpdated(id: ID!): Session  stationUpdated(id: ID!): Session  alertRaised: Session  other: Int }
  type Session { id: ID!  at(step: Int): Int }
`);

function rewrite(query: string, name?: string) {
  const document = parse(query);
  const operation = getOperationAST(document, name);
  if (!operation) throw new Error('no operation');
  return rewriteSubscription(document, operation);
}

const flat = (query: string) => query.replace(/\s+/g, ' ').trim();

describe('rewriteSubscription', () => {
  it.each([
    [
      'subscription { sessionUpdated(id: "s") { id } }',
      '{ sessionUpdated: session(id: "s") { id } }',
      'sessionUpdated',
    ],
    [
      'subscription S($id: ID!) { sessionUpdated(id: $id) { id } }',
      'query S($id: ID!) { sessionUpdated: session(id: $id) { id } }',
      'sessionUpdated',
    ],
    ['subscription { x: stationUpdated(id: "s") { id } }', '{ x: station(id: "s") { id } }', 'x'],
    [
      'subscription { alertRaised { id } }',
      `query ($${EVENT_ID}: ID!) { alertRaised: alert(id: $${EVENT_ID}) { id } }`,
      'alertRaised',
    ],
    [
      'subscription A($n: Int) { alertRaised { at(step: $n) } }',
      `query A($n: Int, $${EVENT_ID}: ID!) { alertRaised: alert(id: $${EVENT_ID}) { at(step: $n) } }`,
      'alertRaised',
    ],
    [
      'subscription { sessionUpdated(id: "s") { ...F } } fragment F on Session { id @include(if: true) }',
      '{ sessionUpdated: session(id: "s") { ...F } } fragment F on Session { id @include(if: true) }',
      'sessionUpdated',
    ],
  ])('makes a valid query of %s', (subscription, query, key) => {
    const rewritten = rewrite(subscription);
    expect(flat(rewritten.query)).toBe(query);
    expect(rewritten.key).toBe(key);
    expect(validate(schema, parse(rewritten.query))).toEqual([]);
  });

  it('takes the named operation and leaves the others out', () => {
    const document = 'subscription A { alertRaised { id } } subscription B { sessionUpdated(id: 1) { id } }';
    expect(flat(rewrite(document, 'B').query)).toBe('query B { sessionUpdated: session(id: 1) { id } }');
  });

  it.each([
    ['a field in a fragment', 'subscription { ...F } fragment F on Subscription { alertRaised { id } }'],
    ['a field in an inline fragment', 'subscription { ... { alertRaised { id } } }'],
    ['no field of the schema', 'subscription { __typename }'],
    ['a field nobody bridges', 'subscription { other }'],
    [
      'the variable of the event',
      `subscription ($${EVENT_ID}: ID!) { sessionUpdated(id: $${EVENT_ID}) { id } }`,
    ],
  ])('refuses %s', (_what, subscription) => {
    expect(() => rewrite(subscription)).toThrow(expect.objectContaining({ kind: 'INVALID' }));
  });
});
