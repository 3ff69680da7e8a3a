import { loadConfig, runService } from '@kilowatch/platform';
import { configShape } from './config.js';
import { feedbackService } from './feedback.module.js';

await runService(feedbackService(loadConfig(configShape)));
