import { Module } from '@nestjs/common';
import type { ServiceOptions } from '@kilowatch/platform';
import type { GraphqlGatewayConfig } from './config.js';
import { FederatedApi } from './transport/graphql/federated-api.js';
import { PublicServer } from './transport/http/public-server.js';
import { LiveFeed } from './transport/subscriptions/live-feed.js';
import { SubscriptionBridge } from './transport/subscriptions/subscription-bridge.js';
import { SubscriptionSockets } from './transport/subscriptions/subscription-sockets.js';

@Module({ providers: [FederatedApi, LiveFeed, PublicServer, SubscriptionBridge, SubscriptionSockets] })
export class GraphqlGatewayModule {}

/** The whole service, for main.ts and for integration tests. It has no tables and publishes nothing. */
export function graphqlGatewayService(config: GraphqlGatewayConfig): ServiceOptions {
  return { name: 'graphql-gateway', config, module: GraphqlGatewayModule, publishes: false };
}
