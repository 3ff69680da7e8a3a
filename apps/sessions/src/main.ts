import { loadConfig, runService } from '@kilowatch/platform';
import { configShape } from './config.js';
import { sessionsService } from './sessions.module.js';

await runService(sessionsService(loadConfig(configShape)));
