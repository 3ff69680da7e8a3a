import { loadConfig, runService } from '@kilowatch/platform';
import { configShape } from './config.js';
import { ocppGatewayService } from './ocpp-gateway.module.js';

await runService(ocppGatewayService(loadConfig(configShape)));
