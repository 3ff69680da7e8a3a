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

export interface GraphqlAnswer<T> {
  readonly data: T | null;
  readonly errors?: readonly GraphqlFailure[];
}

/** A client of the public API; every tool goes through it, nothing is privileged. */
export class GraphqlClient {
  private socket: Client | undefined;

  constructor(
    readonly url: string,
    private readonly accessToken?: string,
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

  /** Data and errors as they came. */
  async answer<T>(query: string, variables: Record<string, unknown> = {}): Promise<GraphqlAnswer<T>> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.accessToken ? { authorization: `Bearer ${this.accessToken}` } : {}),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    try {
      return JSON.parse(text) as GraphqlAnswer<T>;
    } catch {
      throw new Error(`${this.url} answered ${response.status} and no JSON: ${text.slice(0, 200)}`);
    }
  }

  /** Calls `next` with each pushed result until the returned function is called. */
  subscribe<T>(query: string, variables: Record<string, unknown>, next: (data: T) => void): () => void {
    this.socket ??= createClient({
      url: this.url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: this.accessToken ? { authorization: `Bearer ${this.accessToken}` } : {},
      retryAttempts: 10,
    });
    return this.socket.subscribe<T>(
      { query, variables },
      {
        next: (result) => {
          if (result.data) next(result.data);
        },
        error: () => undefined,
        complete: () => undefined,
      },
    );
  }

  async close(): Promise<void> {
    await this.socket?.dispose();
  }
}
