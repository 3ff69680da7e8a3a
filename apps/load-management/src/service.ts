import { startable } from '@kilowatch/platform';
import { configShape } from './config.js';
import { loadManagementService } from './load-management.module.js';

export const service = startable(configShape, loadManagementService);
