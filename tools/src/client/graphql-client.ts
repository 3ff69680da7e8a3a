import { setTimeout as pause } from 'node:timers/promises';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface GraphqlFailure {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string };
}

/** A GraphQL answer that held errors. `code` is the first error's code from the one error table. */
export class GraphqlError extends Error {
  constructor(
    readonly failures: readonly GraphqlFailure[],
    readonly data: unknown,
  ) {
    super(failures.map((failure) => failure.message).join('; '));
  }

  get code(): string {
    return this.failures[0]?.extensions?.code ?? 'UNKNOWN';
  }
}

/** Nobody answers at the address. */
export class Unreachable extends Error {
  constructor(url: string, cause: unknown) {
    const reason = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause : cause) : undefined;
    super(`${url} cannot be reached${reason ? `: ${reason.message}` : ''}`, { cause });
  }
}

/** Where access tokens come from: one for good, or a source that knows when to fetch the next. */
export type AccessToken = string | (() => Promise<string>);

export interface GraphqlAnswer<T> {
  readonly data: T | null;
  readonly errors?: readonly GraphqlFailure[];
}

/** A client of the public API; every tool goes through it, nothing is privileged. */
export class GraphqlClient {
  private socket: Client | undefined;

  constructor(
    readonly url: string,
    private readonly accessToken?: AccessToken,
  ) {}

  /** Signs in with e-mail and password. @throws when refused, with the reason given. */
  async signIn(email: string, password: string): Promise<GraphqlClient> {
    const { signIn } = await this.request<{
      signIn: { __typename: string; accessToken?: string; message?: string };
    }>(
      `mutation SignIn($input: SignInInput!) {
        signIn(input: $input) { __typename ... on SignedIn { accessToken } ... on SignInRefused { reason message } }
      }`,
      { input: { email, password } },
    );
    if (!signIn.accessToken)
      throw new Error(`sign-in of ${email} was refused: ${signIn.message ?? signIn.__typename}`);
    return new GraphqlClient(this.url, signIn.accessToken);
  }

  /** The data of an operation. @throws GraphqlError when the answer holds errors. */
  async request<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const answer = await this.answer<T>(query, variables);
    if (answer.errors?.length || answer.data === null)
      throw new GraphqlError(answer.errors ?? [], answer.data);
    return answer.data;
  }

  /** Data and errors as they came. @throws when the API cannot be reached or answers something else */
  async answer<T>(query: string, variables: Record<string, unknown> = {}): Promise<GraphqlAnswer<T>> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await this.authorization()) },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(20_000),
    }).catch((cause: unknown) => {
      throw new Unreachable(this.url, cause);
    });
    const text = await response.text();
    try {
      return JSON.parse(text) as GraphqlAnswer<T>;
    } catch {
      throw new Error(`${this.url} answered ${response.status} and no JSON: ${text.slice(0, 200)}`);
    }
  }

  /**
   * Calls `next` with each pushed result until the returned function is called. The connection comes back by itself, also when the
   * access token has ended. `over` hears of the end that nobody asked for: with the failure, or without one when there is no more
   * to come.
   */
  subscribe<T>(
    query: string,
    variables: Record<string, unknown>,
    next: (data: T) => void,
    over: (failure: Error | undefined) => void = () => undefined,
  ): () => void {
    this.socket ??= createClient({
      url: this.url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      // Asked for at each connection: the server closes it when the token ends.
      connectionParams: () => this.authorization(),
      retryAttempts: 10,
      retryWait: (attempt) => pause(Math.min(1_000 * 2 ** attempt, 10_000)),
      // A refused sign-in stays refused; everything else may be the server's restart.
      shouldRetry: (failure) => !(failure instanceof Error) || failure instanceof Unreachable,
    });
    let stopped = false;
    const unsubscribe = this.socket.subscribe<T>(
      { query, variables },
      {
        next: (result) => {
          if (result.data) next(result.data);
        },
        error: (thrown) => {
          if (!stopped) over(failureOf(thrown, this.url));
        },
        complete: () => {
          if (!stopped) over(undefined);
        },
      },
    );
    return () => {
      stopped = true;
      unsubscribe();
    };
  }

  async close(): Promise<void> {
    await this.socket?.dispose();
  }

  private async authorization(): Promise<{ authorization?: string }> {
    const token = typeof this.accessToken === 'function' ? await this.accessToken() : this.accessToken;
    return token ? { authorization: `Bearer ${token}` } : {};
  }
}

/** What graphql-ws hands over: GraphQL errors, our own error, or the event of a socket that failed or was closed. */
function failureOf(thrown: unknown, url: string): Error {
  if (Array.isArray(thrown)) return new GraphqlError(thrown as GraphqlFailure[], null);
  if (thrown instanceof Error) return thrown;
  const { code, reason, message } = thrown as { code?: number; reason?: string; message?: string };
  return new Unreachable(url, new Error(message ?? `the connection was closed (${code} ${reason ?? ''})`));
}
