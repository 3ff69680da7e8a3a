import { runService } from '@kilowatch/platform';
import { service } from './service.js';

await runService(service.configured());
