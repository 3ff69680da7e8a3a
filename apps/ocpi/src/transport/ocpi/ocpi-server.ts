import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, LOGGER, type ConfigOf, type Logger } from '@kilowatch/platform';
import type { configShape } from '../../config.js';
import { AnswerHandshake } from '../../usecases/answer-handshake.js';
import { AuthenticatePartner } from '../../usecases/authenticate-partner.js';
import { OwnParty } from '../../usecases/own-party.js';
import { Modules } from './modules.js';
import { ocpiApp } from './ocpi-app.js';

const REQUEST_TIMEOUT_MS = 15_000;
const HEADERS_TIMEOUT_MS = 10_000;

/** The port partners reach us at, apart from the port our own gateway uses. */
@Injectable()
export class OcpiServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server: Server;

  constructor(
    authenticate: AuthenticatePartner,
    handshake: AnswerHandshake,
    own: OwnParty,
    modules: Modules,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
  ) {
    const limits = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS };
    this.server = createServer(limits, ocpiApp({ authenticate, handshake, own, modules, clock, log }));
  }

  async onApplicationBootstrap(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.config.KW_OCPI_PORT, this.config.KW_BIND_HOST, resolve);
    });
    this.log.info({ ocpiPort: (this.server.address() as AddressInfo).port }, 'listening for OCPI');
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
