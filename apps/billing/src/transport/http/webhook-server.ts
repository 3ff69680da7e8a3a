import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { invalid, isAppError, toAppError, type ErrorKind } from '@kilowatch/kernel';
import { CONFIG, LOGGER, withSpan, type ConfigOf, type Logger } from '@kilowatch/platform';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { configShape } from '../../config.js';
import { ReceiveWebhook } from '../../usecases/cards/receive-webhook.js';

const REQUEST_TIMEOUT_MS = 15_000;
const HEADERS_TIMEOUT_MS = 10_000;
const MOST_CONNECTIONS = 200;
const BODY_LIMIT = '256kb';
export const WEBHOOK_PATH = '/webhooks/stripe';

/** The port on which the payment provider tells us things, apart from the port our own gateway uses. Closed where cards are off. */
@Injectable()
export class WebhookServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server: Server;

  constructor(
    receive: ReceiveWebhook,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
  ) {
    const limits = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS };
    this.server = createServer(limits, webhookApp(receive, log));
    this.server.maxConnections = MOST_CONNECTIONS;
  }

  /** Where it listens, for tests. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.KW_PAYMENTS === 'none') return;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.config.KW_WEBHOOK_PORT, this.config.KW_BIND_HOST, resolve);
    });
    this.log.info({ webhookPort: this.port }, 'listening for webhooks');
  }

  /** Takes no new requests; those under way are finished. */
  async beforeApplicationShutdown(): Promise<void> {
    if (!this.server.listening) return;
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeIdleConnections();
    });
  }
}

/** 200 only after the commit; whatever else, the provider sends it again. Nothing of ours is told in the answer. */
function webhookApp(receive: ReceiveWebhook, log: Logger): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.post(WEBHOOK_PATH, express.raw({ limit: BODY_LIMIT, type: () => true }), async (request, response) => {
    const body: unknown = request.body;
    if (!Buffer.isBuffer(body)) throw invalid('BILLING_WEBHOOK', 'The message has no body.');
    await withSpan('billing.webhook', {}, () => receive.run(body, request.get('stripe-signature')));
    response.status(200).json({ received: true });
  });
  app.use((_request, response) => void response.status(404).end());
  app.use(failed(log));
  return app;
}

const STATUS: Readonly<Partial<Record<ErrorKind, number>>> = { UNAUTHENTICATED: 400, INVALID: 400 };

function failed(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, _request, response, next) => {
    if (response.headersSent) return next(thrown);
    const { status: told } = (thrown ?? {}) as { status?: unknown };
    const error = toAppError(thrown);
    const ofRequest = !isAppError(thrown) && typeof told === 'number' && told < 500 ? told : undefined;
    const status = ofRequest ?? STATUS[error.kind] ?? 503;
    const fields = { kind: error.kind, code: error.code, status };
    if (status === 503) log.error({ ...fields, err: error.cause ?? error }, 'webhook failed');
    else log.warn(fields, 'webhook refused');
    response.status(status).end();
  };
}
