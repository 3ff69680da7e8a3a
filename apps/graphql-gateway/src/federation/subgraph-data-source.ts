import type { GraphQLDataSource } from '@apollo/gateway';
import { ERROR_TABLE, timeout, unavailable, type AppError } from '@kilowatch/kernel';
import {
  CLIENT_ADDRESS_HEADER,
  CLIENT_AGENT_HEADER,
  SERVICE_TOKEN_HEADER,
  currentTraceparent,
  type Logger,
  type ServiceTokens,
} from '@kilowatch/platform';
import { GraphQLError } from 'graphql';
import { ANONYMOUS, type Asking } from './identity.js';

type Process = GraphQLDataSource['process'];
type SubgraphResponse = Awaited<ReturnType<Process>>;

export interface SubgraphOptions {
  readonly name: string;
  readonly url: string;
  readonly timeoutMs: number;
  readonly tokens: ServiceTokens;
  readonly log: Logger;
}

/**
 * Sends one step of a query plan to a subgraph: the user's token as it came, our own service token, the trace, where the
 * client is and what it calls itself.
 * Node's fetch keeps connections alive; Apollo's own data source would add a second HTTP client with its own objects.
 * Never repeated: the step may be a mutation.
 */
export class SubgraphDataSource implements GraphQLDataSource {
  constructor(private readonly options: SubgraphOptions) {}

  async process({ request, context }: Parameters<Process>[0]): Promise<SubgraphResponse> {
    const { query, variables, operationName } = request;
    const headers = await this.headers(context as Partial<Asking>);
    const { status, body } = await this.send(headers, JSON.stringify({ query, variables, operationName }));
    // A subgraph that refuses the whole request (token, document) says so by status and by a GraphQL body.
    if (isResponse(body) && (status === 200 || hasCode(body))) return body;
    throw this.failure('SUBGRAPH_FAILED', { status });
  }

  private async headers({
    identity,
    clientAddress,
    clientAgent,
  }: Partial<Asking>): Promise<Record<string, string>> {
    const { authorization } = identity ?? ANONYMOUS;
    const traceparent = currentTraceparent();
    return {
      'content-type': 'application/json',
      [SERVICE_TOKEN_HEADER]: await this.options.tokens.token(),
      ...(authorization === undefined ? {} : { authorization }),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(clientAddress === undefined ? {} : { [CLIENT_ADDRESS_HEADER]: clientAddress }),
      ...(clientAgent === undefined ? {} : { [CLIENT_AGENT_HEADER]: clientAgent }),
    };
  }

  private async send(
    headers: Record<string, string>,
    body: string,
  ): Promise<{ status: number; body: unknown }> {
    const { url, timeoutMs } = this.options;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
      return { status: response.status, body: (await response.json()) as unknown };
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') throw this.failure('SUBGRAPH_TIMEOUT', {});
      throw this.failure('SUBGRAPH_UNAVAILABLE', { cause: describe(error) });
    }
  }

  private failure(reason: string, details: Record<string, unknown>): GraphQLError {
    this.options.log.warn({ subgraph: this.options.name, reason, ...details }, 'subgraph did not answer');
    const make = reason === 'SUBGRAPH_TIMEOUT' ? timeout : unavailable;
    return asGraphqlError(
      make(reason, 'A part of the platform does not answer right now. Please try again.'),
    );
  }
}

function asGraphqlError(error: AppError): GraphQLError {
  return new GraphQLError(error.publicText, {
    originalError: error,
    extensions: { code: ERROR_TABLE[error.kind].graphql, reason: error.code },
  });
}

function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? `${cause.name}: ${cause.message}`.slice(0, 200) : 'unknown';
}

const isResponse = (body: unknown): body is SubgraphResponse => typeof body === 'object' && body !== null;

const hasCode = ({ errors }: SubgraphResponse): boolean =>
  Array.isArray(errors) && errors.length > 0 && errors.every((error) => 'code' in (error?.extensions ?? {}));
