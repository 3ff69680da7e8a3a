import { invalid, isAppError, notFound, precondition, type Clock } from '@kilowatch/kernel';
import { counter, runInCallContext, withSpan, type Logger } from '@kilowatch/platform';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { nextUrl, pageOf, SERVER_LIMIT, type Page } from '../../domain/page.js';
import type { Area, Partner } from '../../domain/partner.js';
import type { AnswerHandshake } from '../../usecases/answer-handshake.js';
import type { AuthenticatePartner, Caller } from '../../usecases/authenticate-partner.js';
import type { OwnParty } from '../../usecases/own-party.js';
import { answer, answerError } from './envelope.js';
import { echoIds, swapRouting } from './headers.js';
import type { Modules } from './modules.js';

export interface OcpiAppParts {
  readonly authenticate: AuthenticatePartner;
  readonly handshake: AnswerHandshake;
  readonly own: OwnParty;
  readonly modules: Modules;
  readonly clock: Clock;
  readonly log: Logger;
}

const BODY_LIMIT = '256kb';
/** Partners wait 30 s at most; calls made for a request end before. */
const DEADLINE_MS = 10_000;

type Handler = (caller: Caller, request: Request, response: Response) => Promise<unknown>;

/** The OCPI 2.2.1 interface as an express app: who asks, what for, and the answer in its envelope. */
export function ocpiApp(parts: OcpiAppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((request, response, next) => {
    echoIds(request, response);
    next();
  });
  // Whatever its Content-Type says: a body is JSON here.
  app.use(express.json({ limit: BODY_LIMIT, type: () => true }));
  credentialRoutes(app, parts);
  moduleRoutes(app, parts);
  app.use(() => {
    throw notFound('OCPI_PATH', 'There is nothing at this address.');
  });
  app.use(failed(parts));
  return app;
}

function credentialRoutes(app: Express, parts: OcpiAppParts): void {
  const { own, handshake } = parts;
  const handle = (area: Area, handler: Handler) => handled(parts, area, area, handler);
  app
    .route('/ocpi/versions')
    .get(handle('versions', async () => own.versions()))
    .all(otherMethod);
  app
    .route('/ocpi/2.2.1')
    .get(handle('versions', async () => own.versionDetails()))
    .all(otherMethod);
  app
    .route('/ocpi/2.2.1/credentials')
    .get(handle('credentials', async (caller) => handshake.current(caller)))
    .post(handle('credentials', (caller, request) => handshake.exchange(caller, 'POST', request.body)))
    .put(handle('credentials', (caller, request) => handshake.exchange(caller, 'PUT', request.body)))
    .delete(handle('credentials', (caller) => handshake.end(caller)))
    .all(otherMethod);
}

function moduleRoutes(app: Express, parts: OcpiAppParts): void {
  const { locations, lists } = parts.modules;
  for (const [module, list] of Object.entries(lists)) {
    const endpoint = parts.own.endpoint(module);
    app
      .route(`/ocpi/2.2.1/${module}`)
      .get(
        functional(parts, module, (caller, request, response) =>
          page(endpoint, list, caller, request, response),
        ),
      )
      .all(otherMethod);
  }
  const one = (path: string, find: (partner: Partner, ids: string[]) => Promise<unknown>) =>
    app
      .route(`/ocpi/2.2.1/locations/${path}`)
      .get(
        functional(parts, 'locations', ({ partner }, request) =>
          find(
            partner,
            [request.params['location'], request.params['evse'], request.params['connector']].map(String),
          ),
        ),
      )
      .all(otherMethod);
  one(':location', (partner, [location]) => locations.location(partner, location!));
  one(':location/:evse', (partner, [location, evse]) => locations.evse(partner, location!, evse!));
  one(':location/:evse/:connector', (partner, [location, evse, connector]) =>
    locations.connector(partner, location!, evse!, connector!),
  );
}

/** A list with its paging headers (docs/ocpi-notes.md T7). */
async function page(
  endpoint: string,
  list: (partner: Partner, page: Page) => Promise<{ objects: readonly object[]; total: number }>,
  { partner }: Caller,
  request: Request,
  response: Response,
): Promise<readonly object[]> {
  const asked = pageOf(request.query);
  const { objects, total } = await list(partner, asked);
  const next = nextUrl(endpoint, asked, objects.length, total);
  if (next) response.setHeader('Link', `<${next}>; rel="next"`);
  response.setHeader('X-Total-Count', String(total));
  response.setHeader('X-Limit', String(SERVER_LIMIT));
  return objects;
}

function functional(parts: OcpiAppParts, module: string, handler: Handler) {
  return handled(parts, 'functional', module, (caller, request, response) => {
    swapRouting(request, response, parts.own.party);
    return handler(caller, request, response);
  });
}

function handled(parts: OcpiAppParts, area: Area, module: string, handler: Handler) {
  return (request: Request, response: Response): Promise<void> => {
    const deadline = new Date(parts.clock.now().getTime() + DEADLINE_MS);
    return withSpan('ocpi.request', { attributes: { module, method: request.method } }, () =>
      runInCallContext({ deadline }, async () => {
        response.locals['module'] = module;
        const caller = await parts.authenticate.run(request.get('authorization'), area);
        answer(response, parts.clock.now(), await handler(caller, request, response));
        counter('kw_ocpi_requests_total').inc({ direction: 'in', module, outcome: 'ok' });
      }),
    );
  };
}

function otherMethod(): never {
  throw precondition('OCPI_METHOD', 'This method is not possible here.');
}

function failed({ clock, log }: OcpiAppParts): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    if (response.headersSent) return next(thrown);
    const error = answerError(response, clock.now(), isAppError(thrown) ? thrown : requestError(thrown));
    const module = String(response.locals['module'] ?? 'none');
    counter('kw_ocpi_requests_total').inc({ direction: 'in', module, outcome: error.code });
    const fields = { module, method: request.method, kind: error.kind, code: error.code };
    if (error.kind === 'INTERNAL') log.error({ ...fields, err: error.cause ?? error }, 'OCPI request failed');
    else log.debug({ ...fields, details: error.details }, 'OCPI request refused');
  };
}

/** express tells of bodies and paths it could not read by a status. */
function requestError(thrown: unknown): unknown {
  const { status, type } = (thrown ?? {}) as { status?: unknown; type?: unknown };
  if (typeof status !== 'number' || status >= 500) return thrown;
  if (type === 'entity.parse.failed')
    return invalid('OCPI_NOT_JSON', 'The body is not JSON.', undefined, thrown);
  return invalid('OCPI_REQUEST', 'The request cannot be read.', undefined, thrown);
}
