import { loadConfig, runService } from '@kilowatch/platform';
import { billingService } from './billing.module.js';
import { configShape } from './config.js';

await runService(billingService(loadConfig(configShape)));
