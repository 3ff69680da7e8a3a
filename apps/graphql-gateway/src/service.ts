import { startable } from '@kilowatch/platform';
import { configShape } from './config.js';
import { graphqlGatewayService } from './graphql-gateway.module.js';

export const service = startable(configShape, graphqlGatewayService);
