import { loadConfig, runService } from '@kilowatch/platform';
import { configShape } from './config.js';
import { insightsService } from './insights.module.js';

await runService(insightsService(loadConfig(configShape)));
