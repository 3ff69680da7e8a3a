import { startable } from '@kilowatch/platform';
import { configShape } from './config.js';
import { notificationsService } from './notifications.module.js';

export const service = startable(configShape, notificationsService);
