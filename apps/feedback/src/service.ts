import { startable } from '@kilowatch/platform';
import { configShape } from './config.js';
import { feedbackService } from './feedback.module.js';

export const service = startable(configShape, feedbackService);
