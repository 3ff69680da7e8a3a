import { startable } from '@kilowatch/platform';
import { configShape } from './config.js';
import { ocpiService } from './ocpi.module.js';

export const service = startable(configShape, ocpiService);
