import { expressMiddleware } from '@as-integrations/express5';
import { SpanKind } from '@opentelemetry/api';
import { invalid, toAppError, type AppError } from '@kilowatch/kernel';
import { counter, remoteAddress, withSpan, type JwtVerifier, type Logger } from '@kilowatch/platform';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { MAX_BODY_BYTES } from '../../domain/limits.js';
import { ANONYMOUS, identify, type Identity } from '../../federation/identity.js';
import type { FederatedApi } from '../graphql/federated-api.js';
import { publicCodes } from '../graphql/format-error.js';
import { portal } from './portal.js';
import { securityHeaders } from './security-headers.js';
import { tokenEndpoint } from './token-endpoint.js';

const LONGEST_AGENT = 200;

export interface PublicAppOptions {
  readonly api: FederatedApi;
  readonly verifier: JwtVerifier;
  readonly portalDirectory: string | undefined;
  readonly forwardedHops: number;
  readonly draining: () => boolean;
  readonly log: Logger;
}

/** Everything the public port answers over HTTP. */
export function publicApp(options: PublicAppOptions): Express {
  const { api, verifier, portalDirectory, forwardedHops, draining, log } = options;
  const whence = (request: Request) => ({
    clientAddress: remoteAddress(
      request.socket.remoteAddress ?? '',
      request.get('x-forwarded-for'),
      forwardedHops,
    ),
    clientAgent: clientAgent(request.get('user-agent')),
  });
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(closeWhenDraining(draining), securityHeaders);
  app.use(
    '/graphql',
    noStore,
    authenticate(verifier),
    express.json({ limit: MAX_BODY_BYTES, inflate: false }),
    traced,
    expressMiddleware(api.server, {
      context: async ({ req, res }) => ({
        identity: (res.locals['identity'] as Identity | undefined) ?? ANONYMOUS,
        ...whence(req),
      }),
    }),
  );
  app.use(
    '/oauth/token',
    noStore,
    tokenEndpoint(api, (request) => ({ identity: ANONYMOUS, ...whence(request) })),
  );
  app.use(portal(portalDirectory));
  app.use((_request, response) => {
    response.status(404).type('text').send('Not found\n');
  });
  app.use(lastResort(log));
  return app;
}

/** Printable ASCII only: it goes on as a header. */
function clientAgent(header: string | undefined): string | undefined {
  return header?.replace(/[^\x20-\x7e]/g, '').slice(0, LONGEST_AGENT) || undefined;
}

/** A token that is there must be good: half a page that looks signed out would be worse than a clear no. */
function authenticate(verifier: JwtVerifier): RequestHandler {
  return async (request, response, next) => {
    try {
      response.locals['identity'] = await identify(verifier, request.headers.authorization);
    } catch (thrown) {
      const error = toAppError(thrown);
      counter('kw_graphql_refused_total').inc({ reason: 'credentials' });
      if (error.kind === 'UNAUTHENTICATED') response.set('www-authenticate', 'Bearer error="invalid_token"');
      refuse(
        response,
        error.kind === 'UNAUTHENTICATED' ? 401 : error.kind === 'UNAVAILABLE' ? 503 : 500,
        error,
      );
      return;
    }
    next();
  };
}

/** Traces start here: a traceparent of a stranger is not taken over. */
const traced: RequestHandler = (_request, response, next) => {
  void withSpan('graphql.operation', { kind: SpanKind.SERVER }, () => {
    const done = new Promise<void>((resolve) => response.once('close', resolve));
    next();
    return done;
  });
};

const noStore: RequestHandler = (_request, response, next) => {
  response.set('cache-control', 'no-store');
  next();
};

function closeWhenDraining(draining: () => boolean): RequestHandler {
  return (_request, response, next) => {
    if (draining()) response.set('connection', 'close');
    next();
  };
}

/** Bodies that are no JSON, too large or compressed; and bugs. */
function lastResort(log: Logger): ErrorRequestHandler {
  return (thrown: { status?: unknown }, _request, response, next) => {
    if (response.headersSent) return next(thrown);
    const status = typeof thrown?.status === 'number' ? thrown.status : 500;
    if (status >= 400 && status < 500) {
      counter('kw_graphql_refused_total').inc({ reason: `http ${status}` });
      const text =
        status === 413 ? `The body is larger than ${MAX_BODY_BYTES} bytes` : 'The request is not valid';
      refuse(response, status, invalid(status === 413 ? 'BODY_TOO_LARGE' : 'REQUEST_INVALID', text));
      return;
    }
    log.error({ err: thrown }, 'public request failed');
    refuse(response, 500, toAppError(thrown));
  };
}

function refuse(response: Response, status: number, error: AppError): void {
  response.status(status).json({ errors: [{ message: error.publicText, extensions: publicCodes(error) }] });
}
