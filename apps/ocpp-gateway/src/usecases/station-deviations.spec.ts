import { tenantId } from '@kilowatch/kernel';
import { createLogger, type Database, type Tx } from '@kilowatch/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import type {
  DeviationCount,
  StationDeviationRepository,
} from '../persistence/station-deviation.repository.js';
import { StationDeviations } from './station-deviations.js';

const START = Date.parse('2026-03-01T10:00:00Z');
const station = { tenant: tenantId('demo'), stationId: 's1' };

describe('the deviations of stations', () => {
  let now: number;
  let written: DeviationCount[];
  let isAway: boolean;
  let deviations: StationDeviations;
  beforeEach(() => {
    [now, written, isAway] = [START, [], false];
    const database = {
      transaction: (_scope: unknown, work: (tx: Tx) => Promise<void>) =>
        isAway ? Promise.reject(new Error('away')) : work({} as Tx),
    } as unknown as Database;
    const rows = {
      add: (_tx: Tx, counts: readonly DeviationCount[]) => Promise.resolve(void written.push(...counts)),
    } as unknown as StationDeviationRepository;
    const log = createLogger({ service: 't', level: 'silent' });
    deviations = new StationDeviations(database, rows, { now: () => new Date(now) }, log);
  });

  it('count each kind of a message once, and are one row a kind however many messages had it', async () => {
    const twice = [
      { kind: 'unknown_enum', path: '/a' },
      { kind: 'unknown_enum', path: '/b' },
    ] as const;
    expect(deviations.note(station, twice, [{ kind: 'over_long', path: '/c' }])).toEqual([
      'unknown_enum',
      'over_long',
    ]);
    now += 1000;
    deviations.note(station, [{ kind: 'unknown_enum', path: '/d' }]);
    expect(deviations.note(station, [], [])).toEqual([]);
    await deviations.write();
    const firstAt = new Date(START);
    expect(written).toEqual([
      { ...station, kind: 'unknown_enum', messages: 2, path: '/d', firstAt, lastAt: new Date(now) },
      { ...station, kind: 'over_long', messages: 1, path: '/c', firstAt, lastAt: firstAt },
    ]);
    written = [];
    await deviations.write();
    expect(written).toEqual([]);
  });

  it('wait while they cannot be written, and are counted once when they can', async () => {
    deviations.note(station, [{ kind: 'over_long', path: '/a' }]);
    isAway = true;
    await deviations.write();
    now += 1000;
    deviations.note(station, [{ kind: 'over_long', path: '/b' }]);
    isAway = false;
    await deviations.write();
    expect(written).toMatchObject([
      { messages: 2, path: '/b', firstAt: new Date(START), lastAt: new Date(now) },
    ]);
  });
});
