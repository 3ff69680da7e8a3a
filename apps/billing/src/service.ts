import { startable } from '@kilowatch/platform';
import { configShape } from './config.js';
import { billingService } from './billing.module.js';

export const service = startable(configShape, billingService);
