import { startable } from '@kilowatch/platform';
import { configShape } from './config.js';
import { sessionsService } from './sessions.module.js';

export const service = startable(configShape, sessionsService);
