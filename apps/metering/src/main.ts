import { loadConfig, runService } from '@kilowatch/platform';
import { configShape } from './config.js';
import { meteringService } from './metering.module.js';

await runService(meteringService(loadConfig(configShape)));
