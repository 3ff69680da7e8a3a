import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices } from '@apollo/composition';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { GraphQLError, parse } from 'graphql';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])`;

const SESSIONS = `${LINK}
  type Query {
    session(id: ID!): Session
    station(id: ID!): Station
    sessions(first: Int!): SessionConnection!
    broken: String
    refused(code: String!): String
    slow: String
    me: String
  }
  type Mutation { signIn(email: String!): String  touch: Int  clientToken(input: ClientTokenInput!): ClientTokenResult }
  input ClientTokenInput { clientId: String! clientSecret: String! scope: String }
  union ClientTokenResult = ClientToken | ClientTokenRefused
  type ClientToken { accessToken: String! expiresIn: Int! scope: String! }
  type ClientTokenRefused { reason: String! retryAfterSeconds: Int }
  type Subscription { sessionUpdated(id: ID!): Session  stationUpdated(id: ID!): Station }
  type SessionConnection { edges: [SessionEdge!]! }
  type SessionEdge { node: Session! }
  type Session @key(fields: "id") { id: ID! looks: Int! station: Station! sessions: [Session!]! }
  type Station @key(fields: "id") { id: ID! looks: Int! session: Session }`;

const METERING = `${LINK}
  type Query { livePower: Int }
  type Session @key(fields: "id") { id: ID! energyWh: Float  by: String }`;

const NOTIFICATIONS = `${LINK}
  type Query { alert(id: ID!): Alert }
  type Subscription { alertRaised: Alert }
  type Alert @key(fields: "id") { id: ID! title: String! }`;

/** What reached the subgraphs, newest last. */
export interface Seen {
  readonly subgraph: string;
  readonly headers: IncomingHttpHeaders;
}

export interface FakeSubgraphs {
  readonly supergraph: string;
  readonly urls: Record<string, string>;
  readonly seen: Seen[];
  /** Times a root field session, station or alert of that id was resolved. */
  looks(id: string): number;
  close(): void;
}

const refuse = (code: string, reason = 'TEST_REASON') =>
  new GraphQLError(`public text of ${code}`, { extensions: { code, reason, secret: 'inner' } });

interface ClientTokenInput {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string | null;
}

/** The client `fleet` has the secret `s:e%c+r t`; `busy` is told to wait, `down` breaks. */
function clientToken({ clientId, clientSecret, scope }: ClientTokenInput): object {
  if (clientId === 'down') throw refuse('SERVICE_UNAVAILABLE');
  if (clientId === 'busy') return { reason: 'RATE_LIMITED', retryAfterSeconds: 17 };
  if (clientId !== 'fleet' || clientSecret !== 's:e%c+r t') return { reason: 'INVALID_CLIENT' };
  if (scope === 'all') return { reason: 'INVALID_SCOPE' };
  return { accessToken: 'a.b.c', expiresIn: 900, scope: scope ?? 'sessions:read' };
}

/** Three tiny subgraphs over real HTTP; ids that start with `no` do not exist. */
export async function startFakeSubgraphs(): Promise<FakeSubgraphs> {
  const looked = new Map<string, number>();
  const seen: Seen[] = [];
  const look = (id: string) => {
    if (id.startsWith('no')) throw refuse('NOT_FOUND');
    looked.set(id, (looked.get(id) ?? 0) + 1);
    return { id, looks: looked.get(id), title: `Alert ${id}`, station: { id: 'st', looks: 1 }, sessions: [] };
  };
  const root = (_: unknown, { id }: { id: string }) => look(id);
  const resolvers: Record<string, object> = {
    sessions: {
      Query: {
        session: root,
        station: root,
        sessions: () => ({ edges: [] }),
        broken: () => {
          throw new Error('database password is hunter2');
        },
        refused: (_: unknown, { code }: { code: string }) => {
          throw refuse(code);
        },
        slow: () => new Promise<never>(() => undefined),
        me: (_: unknown, __: unknown, { authorization }: IncomingHttpHeaders) => authorization ?? null,
      },
      Mutation: {
        signIn: () => 'in',
        touch: () => 1,
        clientToken: (_: unknown, { input }: { input: ClientTokenInput }) => clientToken(input),
      },
      ClientTokenResult: {
        __resolveType: (result: object) => ('reason' in result ? 'ClientTokenRefused' : 'ClientToken'),
      },
    },
    metering: {
      Query: { livePower: () => 1 },
      Session: {
        __resolveReference: ({ id }: { id: string }) => ({ id, energyWh: 1234.5 }),
        by: (_: unknown, __: unknown, { authorization }: IncomingHttpHeaders) => authorization ?? null,
      },
    },
    notifications: { Query: { alert: root } },
  };
  const schemas = { sessions: SESSIONS, metering: METERING, notifications: NOTIFICATIONS };
  const running = await Promise.all(
    Object.entries(schemas).map(([name, sdl]) => startSubgraph(name, sdl, resolvers[name] ?? {}, seen)),
  );
  const composed = composeServices(
    running.map(({ name, sdl, url }) => ({ name, typeDefs: parse(sdl), url: `${url}-not-used` })),
  );
  if (composed.errors) throw new Error(composed.errors.map(({ message }) => message).join('\n'));
  return {
    supergraph: composed.supergraphSdl,
    urls: Object.fromEntries(running.map(({ name, url }) => [name, url])),
    seen,
    looks: (id) => looked.get(id) ?? 0,
    close: () => running.forEach(({ server }) => void (server.closeAllConnections(), server.close())),
  };
}

async function startSubgraph(name: string, sdl: string, resolvers: object, seen: Seen[]) {
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never });
  const apollo = new ApolloServer({
    schema,
    includeStacktraceInErrorResponses: true,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  await apollo.start();
  const app = express();
  app.use(express.json(), (request, _response, next) => {
    seen.push({ subgraph: name, headers: request.headers });
    next();
  });
  app.use(expressMiddleware(apollo, { context: async ({ req }) => req.headers }));
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { name, sdl, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` };
}
