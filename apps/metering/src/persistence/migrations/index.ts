import { Readings1763700000000 } from './0001-readings.js';
import { RunningSessions1796000000000 } from './0002-running-sessions.js';
import { SignedReadings1796200000000 } from './0010-signed-readings.js';
import { MoreFigures1796300000000 } from './0011-more-figures.js';
import { ReadingPartitions1796400000000 } from './0012-reading-partitions.js';
import { SessionsOfDrivers1796450000000 } from './0013-sessions-of-drivers.js';
import { ShortSamples1796460000000 } from './0014-short-samples.js';
import { FewerIndexes1796470000000 } from './0015-fewer-indexes.js';
import { PackedCurves1796480000000 } from './0016-packed-curves.js';
import { ReusedTransactionIds1796760000004 } from './0017-reused-transaction-ids.js';

export const migrations = [
  Readings1763700000000,
  RunningSessions1796000000000,
  SignedReadings1796200000000,
  MoreFigures1796300000000,
  ReadingPartitions1796400000000,
  SessionsOfDrivers1796450000000,
  ShortSamples1796460000000,
  FewerIndexes1796470000000,
  PackedCurves1796480000000,
  ReusedTransactionIds1796760000004,
];
