import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, LOGGER, ServiceTokens, withSpan, type Logger } from '@kilowatch/platform';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { GraphqlGatewayConfig } from '../../config.js';
import { CostBudget } from '../../domain/cost-budget.js';
import { MAX_TOKENS, operationLimits, type OperationLimits } from '../../domain/limits.js';
import { BRIDGES } from '../../domain/subscription-rewrite.js';
import type { Asking, Identity } from '../../federation/identity.js';
import { SubgraphDataSource } from '../../federation/subgraph-data-source.js';
import { subgraphAddresses } from '../../federation/supergraph.js';
import { formatError } from './format-error.js';
import { limitsPlugin, metricsPlugin } from './limits-plugin.js';

export type ApiContext = Asking;

/** Some 100 bytes each. */
const MOST_CLIENTS = 50_000;

/** The supergraph, executable: plans an operation over the subgraphs, within the limits, with errors of one shape. */
@Injectable()
export class FederatedApi {
  readonly server: ApolloServer<ApiContext>;
  readonly limits: OperationLimits;
  /** Development shows clients the schema. */
  readonly introspection: boolean;
  private readonly gateway: ApolloGateway;
  private apiSchema: GraphQLSchema | undefined;

  constructor(
    @Inject(CONFIG) config: GraphqlGatewayConfig,
    @Inject(LOGGER) log: Logger,
    tokens: ServiceTokens,
  ) {
    this.limits = operationLimits(config.KW_QUERY_MAX_DEPTH, config.KW_QUERY_MAX_COST);
    this.introspection = config.KW_ENV === 'development';
    this.gateway = federation(config, log, tokens);
    this.gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
      this.apiSchema = apiSchema;
    });
    this.server = new ApolloServer<ApiContext>({
      gateway: this.gateway,
      logger: log.child({ component: 'apollo' }),
      introspection: this.introspection,
      hideSchemaDetailsFromClientErrors: !this.introspection,
      includeStacktraceInErrorResponses: false,
      allowBatchedHttpRequests: false,
      csrfPrevention: true,
      persistedQueries: false,
      parseOptions: { maxTokens: MAX_TOKENS },
      stopOnTerminationSignals: false,
      formatError: formatError(log, this.introspection),
      plugins: [
        metricsPlugin,
        limitsPlugin(
          this.limits,
          new CostBudget({ perMinute: config.KW_QUERY_COST_PER_MINUTE, capacity: MOST_CLIENTS }),
        ),
        ApolloServerPluginLandingPageDisabled(),
        ApolloServerPluginUsageReportingDisabled(),
        ApolloServerPluginInlineTraceDisabled(),
        ApolloServerPluginCacheControlDisabled(),
      ],
    });
  }

  /** What clients see of the supergraph. */
  get schema(): GraphQLSchema {
    if (!this.apiSchema) throw new Error('The supergraph is not loaded yet');
    return this.apiSchema;
  }

  async start(): Promise<void> {
    await this.server.start();
    const subscriptions = Object.keys(this.schema.getSubscriptionType()?.getFields() ?? {});
    const unbridged = subscriptions.filter((name) => !Object.hasOwn(BRIDGES, name));
    if (unbridged.length > 0) {
      throw new Error(`Nothing answers the subscription ${unbridged.join(', ')}: add it to BRIDGES`);
    }
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Runs one operation of ours for somebody who came by another road than /graphql, within the same limits. */
  async ask(query: string, variables: Record<string, unknown>, asking: Asking): Promise<ExecutionResult> {
    const { body } = await this.server.executeOperation({ query, variables }, { contextValue: asking });
    if (body.kind !== 'single') throw new Error('the gateway answers in one piece');
    return body.singleResult as ExecutionResult;
  }

  /** Runs a query as if it had come over HTTP from `identity`. */
  async execute(
    query: string,
    variables: Record<string, unknown>,
    identity: Identity,
  ): Promise<ExecutionResult> {
    return withSpan('graphql.operation', { attributes: { kind: 'subscription' } }, () =>
      this.ask(query, variables, { identity }),
    );
  }
}

function federation(config: GraphqlGatewayConfig, log: Logger, tokens: ServiceTokens): ApolloGateway {
  const addresses = subgraphAddresses(config.KW_SUPERGRAPH, config.KW_SUBGRAPHS);
  return new ApolloGateway({
    supergraphSdl: config.KW_SUPERGRAPH.sdl,
    logger: log.child({ component: 'gateway' }),
    buildService: ({ name }) =>
      new SubgraphDataSource({
        name,
        url: addresses.get(name) as string,
        timeoutMs: config.KW_SUBGRAPH_TIMEOUT_MS,
        tokens,
        log,
      }),
  });
}
