import { GatewayTables1763700000000 } from './0001-gateway-tables.js';
import { WireJournal1764400000000 } from './0002-wire-journal.js';
import { Uploads1764400000020 } from './0003-uploads.js';
import { StationModels1764800000000 } from './0004-station-models.js';
import { TraceWithoutVacuum1764900000000 } from './0005-trace-without-vacuum.js';
import { TracePages1765200000000 } from './0006-trace-pages.js';
import { PackedPages1765300000000 } from './0007-packed-pages.js';
import { ConnectionsHeld1796770000000 } from './0008-connections-held.js';
import { StationDeviations1796770000001 } from './0009-station-deviations.js';

export const migrations = [
  GatewayTables1763700000000,
  WireJournal1764400000000,
  Uploads1764400000020,
  StationModels1764800000000,
  TraceWithoutVacuum1764900000000,
  TracePages1765200000000,
  PackedPages1765300000000,
  ConnectionsHeld1796770000000,
  StationDeviations1796770000001,
];
