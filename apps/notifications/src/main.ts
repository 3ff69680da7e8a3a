import { loadConfig, runService } from '@kilowatch/platform';
import { configShape } from './config.js';
import { notificationsService } from './notifications.module.js';

await runService(notificationsService(loadConfig(configShape)));
