import { startable } from '@kilowatch/platform';
import { configShape } from './config.js';
import { meteringService } from './metering.module.js';

export const service = startable(configShape, meteringService);
