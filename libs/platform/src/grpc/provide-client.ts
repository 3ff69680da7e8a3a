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
import { grpcClient, type GrpcClientOptions } from './client.js';
import type { GrpcClient, GrpcClientConstructor } from './types.js';

/** As in `GrpcClientOptions`. */
export type ClientChoices = Pick<GrpcClientOptions, 'bundleMs'>;

/** For services that are asked about what many stations say at the same time (docs/adr/0021-calls-in-bundles.md). */
export const IN_BUNDLES: ClientChoices = { bundleMs: 8 };

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
    { bundleMs }: ClientChoices = {},
  ): GrpcClient<Service> {
    const client = grpcClient(constructor, { url, tokens: this.tokens, clock: this.clock, bundleMs });
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
  choices?: ClientChoices,
): Provider {
  return {
    provide: token,
    useFactory: (clients: GrpcClients, config: Config) => clients.client(constructor, url(config), choices),
    inject: [GrpcClients, CONFIG],
  };
}
