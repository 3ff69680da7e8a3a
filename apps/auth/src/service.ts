import { startable } from '@kilowatch/platform';
import { configShape } from './config.js';
import { authService } from './auth.module.js';

export const service = startable(configShape, authService);
