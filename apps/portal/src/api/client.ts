import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient as createSocket } from 'graphql-ws';
import { browserAuthPorts } from './auth-ports.js';
import { AuthSession } from './auth-session.js';
import { isTokenRefused } from './error-text.js';
import { LiveConnection } from './live-connection.js';

export interface Api {
  readonly auth: AuthSession;
  readonly live: LiveConnection;
  readonly client: ApolloClient;
}

const RETRIED = 'retriedWithNewToken';

/** The one client of the page: HTTP for queries and mutations, one socket for subscriptions. */
export function createApi(): Api {
  const auth = new AuthSession(browserAuthPorts);
  const live = new LiveConnection(() => void client.refetchQueries({ include: 'active' }));
  const socket = createSocket({
    url: socketUrl(window.location),
    lazy: true,
    keepAlive: 12_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) => wait(Math.min(500 * 2 ** retries, 15_000) * (0.75 + Math.random() / 2)),
    connectionParams: async () => {
      const token = await auth.accessToken();
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
    on: {
      connected: () => live.connected(),
      closed: () => live.lost(),
      error: () => live.lost(),
    },
  });

  const authorize = new SetContextLink(async (previous) => {
    const token = await auth.accessToken();
    return {
      token,
      headers: { ...previous.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    };
  });
  const renewAndRetry = new ErrorLink(({ error, operation, forward }) => {
    // Not for a wrong password: it would count twice.
    if (!isTokenRefused(error) || operation.getContext()[RETRIED]) return;
    auth.invalidate(operation.getContext()['token']);
    operation.setContext({ [RETRIED]: true });
    return forward(operation);
  });

  const client = new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      ApolloLink.from([renewAndRetry, authorize, new HttpLink({ uri: '/graphql' })]),
    ),
    cache: createCache(),
  });

  // The socket keeps the identity it was opened with.
  auth.onRenewed(() => socket.terminate());
  let wasSignedIn = false;
  auth.subscribe(() => {
    const isSignedIn = auth.snapshot().status === 'signed-in';
    if (wasSignedIn && !isSignedIn) {
      live.reset();
      socket.terminate();
      void client.clearStore();
    }
    wasSignedIn = isSignedIn;
  });
  return { auth, live, client };
}

/** Parts without an id belong to their parent: two queries that ask for different fields of one add up. */
function createCache(): InMemoryCache {
  return new InMemoryCache({
    typePolicies: {
      Cost: { merge: true },
      LivePower: { merge: true },
      AlertConnection: { merge: true },
      Wallet: { keyFields: ['accountId'] },
      // Equal lines of two sessions are not one line.
      CostLine: { keyFields: false },
      VatLine: { keyFields: false },
    },
  });
}

function socketUrl({ protocol, host }: Location): string {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/graphql`;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
