import { loadConfig, runService } from '@kilowatch/platform';
import { configShape } from './config.js';
import { graphqlGatewayService } from './graphql-gateway.module.js';

await runService(graphqlGatewayService(loadConfig(configShape)));
