import { startable } from '@kilowatch/platform';
import { configShape } from './config.js';
import { ocppGatewayService } from './ocpp-gateway.module.js';

export const service = startable(configShape, ocppGatewayService);
