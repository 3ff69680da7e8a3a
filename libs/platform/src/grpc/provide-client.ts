import {
  Inject,
  Injectable,
  type InjectionToken,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { ServiceTokens } from '../auth/service-tokens.js';
import { CLOCK, CONFIG } from '../bootstrap/tokens.js';
import { grpcClient } from './client.js';
import type { GrpcClient, GrpcClientConstructor } from './types.js';

/** The clients of this service: it closes their connections when the service stops. */
@Injectable()
export class GrpcClients implements OnApplicationShutdown {
  private readonly open: { close(): void }[] = [];

  constructor(
    private readonly tokens: ServiceTokens,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  client<Service extends object>(
    constructor: GrpcClientConstructor<Service>,
    url: string,
  ): GrpcClient<Service> {
    const client = grpcClient(constructor, { url, tokens: this.tokens, clock: this.clock });
    this.open.push(client);
    return client;
  }

  onApplicationShutdown(): void {
    for (const client of this.open.splice(0)) client.close();
  }
}

/**
 * Nest provider of a typed client: `provideGrpcClient(SESSIONS, SessionsServiceClient, (c: Config) => c.KW_SESSIONS_GRPC_URL)`,
 * injected as `@Inject(SESSIONS) sessions: GrpcClient<typeof SessionsServiceService>`.
 */
export function provideGrpcClient<Service extends object, Config extends object>(
  token: InjectionToken,
  constructor: GrpcClientConstructor<Service>,
  url: (config: Config) => string,
): Provider {
  return {
    provide: token,
    useFactory: (clients: GrpcClients, config: Config) => clients.client(constructor, url(config)),
    inject: [GrpcClients, CONFIG],
  };
}
