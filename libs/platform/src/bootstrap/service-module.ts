import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { JwtVerifier } from '../auth/jwt-verifier.js';
import { ServiceTokens } from '../auth/service-tokens.js';
import { trustedIssuersFrom } from '../auth/trusted-issuers.js';
import { Database } from '../db/database.js';
import { GrpcClients } from '../grpc/provide-client.js';
import { HealthState } from '../health/health-state.js';
import { EgressPolicy } from '../http-out/egress-policy.js';
import { NatsLink } from '../nats/nats-link.js';
import type { Infrastructure } from './infrastructure.js';
import type { ServiceOptions } from './service-options.js';
import { CLOCK, CONFIG, IDS, LOGGER } from './tokens.js';

@Module({})
class PlatformModule {}

@Module({})
class ServiceModule {}

/** The service's module with everything the platform injects, and its subgraph if it has one. */
export async function serviceModule(
  options: ServiceOptions,
  infrastructure: Infrastructure,
): Promise<DynamicModule> {
  const { config, name } = options;
  const { clock, logger } = infrastructure;
  const tokens = new ServiceTokens({ service: name, secret: config.KW_SERVICE_SECRET, clock });
  const verifier = new JwtVerifier(trustedIssuersFrom(config), clock);
  const providers: Provider[] = [
    { provide: CONFIG, useValue: config },
    { provide: LOGGER, useValue: logger },
    { provide: CLOCK, useValue: clock },
    { provide: IDS, useValue: infrastructure.ids },
    { provide: HealthState, useValue: infrastructure.health },
    { provide: NatsLink, useValue: infrastructure.nats },
    { provide: ServiceTokens, useValue: tokens },
    { provide: JwtVerifier, useValue: verifier },
    { provide: EgressPolicy, useValue: EgressPolicy.parse(config.KW_EGRESS_ALLOW) },
    GrpcClients,
    ...(infrastructure.database ? [{ provide: Database, useValue: infrastructure.database }] : []),
  ];
  const exports = providers.map((provider) => (typeof provider === 'function' ? provider : provider.provide));
  const platform: DynamicModule = { module: PlatformModule, global: true, providers, exports };
  return {
    module: ServiceModule,
    imports: [platform, options.module, ...(await subgraph(options, tokens, verifier, infrastructure))],
  };
}

async function subgraph(
  { graphql, config }: ServiceOptions,
  tokens: ServiceTokens,
  verifier: JwtVerifier,
  { logger }: Infrastructure,
): Promise<DynamicModule[]> {
  if (!graphql) return [];
  // Loaded when needed only: Apollo takes a third of a second of CPU.
  const { subgraphModule } = await import('../graphql/graphql-module.js');
  const introspection = config.KW_ENV === 'development';
  return [subgraphModule({ schemaPath: graphql.schemaPath, introspection, logger, tokens, verifier })];
}
