import { Sites1763700000000 } from './0001-sites.js';
import { StationModels1764800000000 } from './0002-station-models.js';
import { CarNeeds1764950000000 } from './0003-car-needs.js';
import { Turns1765100000000 } from './0004-turns.js';

export const migrations = [
  Sites1763700000000,
  StationModels1764800000000,
  CarNeeds1764950000000,
  Turns1765100000000,
];
