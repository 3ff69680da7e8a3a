import { loadConfig, runService } from '@kilowatch/platform';
import { configShape } from './config.js';
import { ocpiService } from './ocpi.module.js';

await runService(ocpiService(loadConfig(configShape)));
