import { loadConfig, runService } from '@kilowatch/platform';
import { configShape } from './config.js';
import { loadManagementService } from './load-management.module.js';

await runService(loadManagementService(loadConfig(configShape)));
