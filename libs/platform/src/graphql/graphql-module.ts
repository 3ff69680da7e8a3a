import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import { Injectable, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { parse } from 'graphql';
import { JwtVerifier } from '../auth/jwt-verifier.js';
import { ServiceTokens } from '../auth/service-tokens.js';
import type { Logger } from '../log/logger.js';
import type { AccessRule } from './access.js';
import { graphqlContext } from './context.js';
import { entityTypes } from './field-coverage.js';
import { guardFields } from './field-guard.js';
import { formatError } from './format-error.js';
import { operationMetrics } from './operation.js';
import { findUnruledResolvers, rulesOf, type ResolverClass } from './resolver-rules.js';
import { subgraphSdl } from './subgraph-sdl.js';
import { dateTimeScalar, decimalScalar, jsonScalar } from './scalars.js';

export interface SubgraphOptions {
  /** Path of schema.graphql; what else of SDL is in its folder belongs to it. */
  schemaPath: string;
  /** Development only: lets clients read the schema, and Apollo explain more. */
  introspection: boolean;
  logger: Logger;
  tokens: ServiceTokens;
  verifier: JwtVerifier;
}

/** The subgraph at /graphql: schema-first federation, our scalars, errors and access rules. */
export function subgraphModule(options: SubgraphOptions): DynamicModule {
  const typeDefs = subgraphSdl(options.schemaPath);
  const scalars = [dateTimeScalar, decimalScalar, jsonScalar].filter(({ name }) => declares(typeDefs, name));
  const entities = entityTypes(parse(typeDefs));
  const typeRules = new Map<string, AccessRule>();
  const graphql = GraphQLModule.forRoot<ApolloFederationDriverConfig>({
    driver: ApolloFederationDriver,
    typeDefs,
    resolvers: Object.fromEntries(scalars.map((scalar) => [scalar.name, scalar])),
    // Without it guards do not run for reference and field resolvers: `_entities` would be open.
    fieldResolverEnhancers: ['guards'],
    transformSchema: (schema) => guardFields(schema, entities, typeRules),
    context: graphqlContext(options.tokens, options.verifier),
    formatError: formatError(options.logger),
    logger: options.logger.child({ component: 'apollo' }),
    autoTransformHttpErrors: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    introspection: options.introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    graphiql: false,
    plugins: [
      operationMetrics,
      // Nobody reads them, and they cost time in every operation.
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    stopOnApplicationShutdown: true,
  });
  return {
    module: SubgraphModule,
    imports: [graphql, DiscoveryModule],
    providers: [
      {
        provide: ResolverRules,
        useFactory: (discovery: DiscoveryService) => new ResolverRules(discovery, typeDefs, typeRules),
        inject: [DiscoveryService],
      },
    ],
  };
}

const declares = (typeDefs: string, scalar: string) =>
  new RegExp(`^\\s*scalar\\s+${scalar}\\b`, 'm').test(typeDefs);

/** Refuses to start while a resolver has no access rule or a field is not covered by one. */
@Injectable()
class ResolverRules implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly schema: string,
    private readonly typeRules: Map<string, AccessRule>,
  ) {}

  onModuleInit(): void {
    // Nest takes resolver methods from every provider, so every provider is looked at.
    const classes = this.discovery
      .getProviders()
      .map(({ instance }) => (instance as object | null | undefined)?.constructor)
      .filter((type): type is ResolverClass => typeof type === 'function');
    const resolvers = [...new Set(classes)];
    const holes = findUnruledResolvers(resolvers, this.schema);
    if (holes.length > 0) throw new Error(`The GraphQL API is not closed:\n  ${holes.join('\n  ')}`);
    for (const [type, rule] of rulesOf(resolvers).references) if (rule) this.typeRules.set(type, rule);
  }
}

@Module({})
class SubgraphModule {}
