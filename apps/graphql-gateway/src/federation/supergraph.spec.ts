import { readFileSync } from 'node:fs';
import { ApolloGateway } from '@apollo/gateway';
import { getOperationAST, parse, validate, type GraphQLSchema } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_TOKENS, operationLimits, refusal } from '../domain/limits.js';
import { operationSize } from '../domain/operation-size.js';
import { BRIDGES } from '../domain/subscription-rewrite.js';
import { Supergraph, subgraphAddresses } from './supergraph.js';

const checkedIn = new Supergraph(readFileSync(new URL('../../supergraph.graphql', import.meta.url), 'utf8'));

const EVERYTHING_ABOUT_A_SESSION = `query ($id: ID!) {
  session(id: $id) {
    id state station { identity name location { name city } ratingSummary { average count } }
    driver { displayName } token { masked } energyWh livePowerW powerCurve { at powerW }
    quote { tariffName hash summary }
    cost { final totalInclVat { amount currency } lines { dimension quantity unit unitPrice inclVat { amount } } }
    invoice { number status totalInclVat { amount currency } lines { dimension } }
    anomalies { kind explanation } alerts { kind title } rating { score text }
  } }`;

describe('the supergraph that is checked in', () => {
  let schema: GraphQLSchema;
  beforeAll(async () => {
    const gateway = new ApolloGateway({
      supergraphSdl: checkedIn.sdl,
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
    gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
      schema = apiSchema;
    });
    await gateway.load();
    await gateway.stop();
  });

  it('has a bridge for each of its subscriptions, to a field that takes an id', () => {
    for (const name of Object.keys(schema.getSubscriptionType()?.getFields() ?? {})) {
      const bridge = BRIDGES[name];
      const target = schema.getQueryType()?.getFields()[bridge?.query ?? ''];
      expect(
        target?.args.map((arg) => `${arg.name}: ${arg.type}`),
        name,
      ).toEqual(['id: ID!']);
      expect(String(target?.type), name).toBe(String(schema.getSubscriptionType()?.getFields()[name]?.type));
    }
  });

  it.each([
    ['everything about a session', EVERYTHING_ABOUT_A_SESSION, {}],
    [
      'a full page of stations with their sessions',
      `query ($n: Int!) { stations(first: $n) { totalCount pageInfo { hasNextPage endCursor } edges { node { id identity name online
        evses { number status connectors { id number status errorCode } } activeSessions { id state livePowerW energyWh } } } } }`,
      { n: 100 },
    ],
    [
      'a full page of sessions with their cost',
      `{ sessions(first: 100) { edges { node { id state startedAt station { identity location { city } } driver { displayName }
        energyWh livePowerW cost { final totalInclVat { amount currency } } invoice { number status } rating { score } } } } }`,
      {},
    ],
    [
      'a full page of invoices',
      '{ invoices(first: 100) { edges { node { id number status totalInclVat { amount } lines { dimension inclVat { amount } } session { id station { name } } } } } }',
      {},
    ],
  ])('answers %s within the limits', (_what, query, variables) => {
    const document = parse(query, { maxTokens: MAX_TOKENS });
    expect(validate(schema, document)).toEqual([]);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('one operation');
    expect(
      refusal(operationSize(schema, document, operation, variables), operationLimits(8, 5_000)),
    ).toBeUndefined();
  });
});

describe('Supergraph', () => {
  it('names its subgraphs', () => {
    expect(checkedIn.subgraphNames()).toEqual(
      expect.arrayContaining(['auth', 'load-management', 'sessions']),
    );
  });

  it('shows as a hash in the log', () => {
    expect(JSON.stringify({ supergraph: checkedIn })).toMatch(/^\{"supergraph":"sha256:[0-9a-f]{16}"\}$/);
  });

  it('needs the address of each subgraph, and ignores others', () => {
    const urls = Object.fromEntries(
      checkedIn.subgraphNames().map((name) => [name, `http://${name}/graphql`]),
    );
    expect(subgraphAddresses(checkedIn, { ...urls, 'not-there': 'http://x' }).has('not-there')).toBe(false);
    const { auth: _, ...rest } = urls;
    expect(() => subgraphAddresses(checkedIn, rest)).toThrow('KW_SUBGRAPHS has no address of auth');
  });

  it('must be a supergraph', () => {
    expect(() => subgraphAddresses(new Supergraph('type Query { a: Int }'), {})).toThrow('not a supergraph');
  });
});
