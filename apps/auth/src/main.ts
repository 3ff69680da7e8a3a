import { loadConfig, runService } from '@kilowatch/platform';
import { authService } from './auth.module.js';
import { configShape } from './config.js';

await runService(authService(loadConfig(configShape)));
