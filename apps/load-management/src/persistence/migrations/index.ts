import { Sites1763700000000 } from './0001-sites.js';
import { StationModels1764800000000 } from './0002-station-models.js';

export const migrations = [Sites1763700000000, StationModels1764800000000];
