import { startable } from '@kilowatch/platform';
import { configShape } from './config.js';
import { insightsService } from './insights.module.js';

export const service = startable(configShape, insightsService);
