import { StationsAndSessions1763700000000 } from './0001-stations-and-sessions.js';
import { SecurityEvents1764400000001 } from './0002-security-events.js';
import { DeviceModel1764400000010 } from './0003-device-model.js';
import { StationOperations1764400000020 } from './0004-station-operations.js';
import { BulkCommands1764400000030 } from './0005-bulk-commands.js';
import { StationOptions1764400000040 } from './0006-station-options.js';
import { OrphanReview1764400000050 } from './0007-orphan-review.js';
import { ConnectorRecovery1764400000060 } from './0008-connector-recovery.js';
import { DynamicSchedules1764950000000 } from './0009-dynamic-schedules.js';
import { ReservationQuotes1796760000000 } from './0011-reservation-quotes.js';
import { ReservationHeld1796760000001 } from './0012-reservation-held.js';
import { StationPings1796760000002 } from './0013-station-pings.js';
import { ReusedTransactionIds1796760000003 } from './0014-reused-transaction-ids.js';

export const migrations = [
  StationsAndSessions1763700000000,
  SecurityEvents1764400000001,
  DeviceModel1764400000010,
  StationOperations1764400000020,
  BulkCommands1764400000030,
  StationOptions1764400000040,
  OrphanReview1764400000050,
  ConnectorRecovery1764400000060,
  DynamicSchedules1764950000000,
  ReservationQuotes1796760000000,
  ReservationHeld1796760000001,
  StationPings1796760000002,
  ReusedTransactionIds1796760000003,
];
