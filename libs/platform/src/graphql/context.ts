import type { IncomingMessage } from 'node:http';
import type { JwtVerifier } from '../auth/jwt-verifier.js';
import type { Principal } from '../auth/principal.js';
import { SERVICE_TOKEN_HEADER, type ServiceTokens } from '../auth/service-tokens.js';
import { toAppError, unauthenticated, type AppError } from '@kilowatch/kernel';
import { GraphQLError } from 'graphql';

/** What each resolver knows about its request: one object per request, so it also keys per-request batches. */
export interface GraphqlContext {
  /** Null when the request carries no access token. */
  principal: Principal | null;
  traceparent: string | undefined;
  /** Name of the service that asks: the gateway. */
  caller: string;
  /** Where the request came to the gateway from, for limits only; undefined when the gateway runs a query by itself. */
  clientAddress: string | undefined;
  /** What the client calls itself (User-Agent), for people to recognise their devices; never for decisions. */
  clientAgent?: string | undefined;
}

/** Believed because it comes with a service token: the gateway sets it, and never passes on a client's own. */
export const CLIENT_ADDRESS_HEADER = 'x-kilowatch-client-address';
export const CLIENT_AGENT_HEADER = 'x-kilowatch-client-agent';

/**
 * Builds the context, and refuses the whole request unless it comes from a service of ours: this also covers
 * `_service` and `_entities`, which no resolver rule sees. A user's token is verified here again, though the gateway did.
 */
export function graphqlContext(tokens: ServiceTokens, verifier: JwtVerifier) {
  return async ({ req }: { req: IncomingMessage }): Promise<GraphqlContext> => {
    try {
      const caller = await tokens.verify(single(req.headers[SERVICE_TOKEN_HEADER]));
      const bearer = bearerOf(req.headers.authorization);
      const principal = bearer === undefined ? null : await verifier.verify(bearer);
      return {
        caller,
        principal,
        traceparent: single(req.headers['traceparent']),
        clientAddress: single(req.headers[CLIENT_ADDRESS_HEADER]),
        clientAgent: single(req.headers[CLIENT_AGENT_HEADER]),
      };
    } catch (thrown) {
      const error = toAppError(thrown);
      throw new GraphQLError(error.publicText, {
        originalError: error,
        extensions: { http: { status: httpStatus(error) } },
      });
    }
  };
}

function bearerOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const match = /^Bearer ([\w.~+/=-]+)$/i.exec(header);
  if (!match?.[1])
    throw unauthenticated('AUTH_TOKEN_REFUSED', 'The access token is not valid', {
      reason: 'not a bearer token',
    });
  return match[1];
}

const single = (value: string | string[] | undefined) => (Array.isArray(value) ? undefined : value);

const httpStatus = ({ kind }: AppError) =>
  kind === 'UNAUTHENTICATED' ? 401 : kind === 'UNAVAILABLE' ? 503 : 500;
