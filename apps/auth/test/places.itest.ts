// Real: Postgres, NATS. Played: sessions.
import { randomUUID } from 'node:crypto';
import { events, sessions } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthRig } from './auth-rig.js';

describe('where stations are', () => {
  let auth: AuthRig;
  beforeAll(async () => {
    auth = await AuthRig.start();
  });
  afterAll(() => auth.close());

  it('is what sessions said last, whatever comes late', async () => {
    const locationId = randomUUID();
    const station = sessions.Station.fromPartial({
      stationId: randomUUID(),
      identity: 'CP-1',
      locationId,
      evses: [{ number: 1, connectors: [{ powerType: 'DC' }, { powerType: 'DC' }] }],
    });
    const location = sessions.Location.fromPartial({
      locationId,
      name: 'Harbour',
      timeZone: 'Europe/Berlin',
      latitude: 53.5,
      longitude: 10,
      stations: [{ ...station, identity: 'an older name' }],
    });
    await auth.rig.publish(
      events.stationChanged,
      { aggregateId: station.stationId, version: 3 },
      sessions.StationChanged.fromPartial({ station }),
    );
    await auth.rig.publish(
      events.locationChanged,
      { aggregateId: locationId, version: 9 },
      sessions.LocationChanged.fromPartial({ location }),
    );
    await auth.rig.publish(
      events.locationChanged,
      { aggregateId: locationId, version: 8 },
      sessions.LocationChanged.fromPartial({ location: { ...location, name: 'Before' } }),
    );
    const rows = await waitFor('both are known', async () => {
      const found = await auth.rig.sql(
        `select l.name, l.latitude, s.identity, s.evses from known_location l
            join known_station s using (tenant, location_id) where l.version >= 9 and s.version > 0`,
      );
      return found.length > 0 ? found : undefined;
    });
    expect(rows).toEqual([
      { name: 'Harbour', latitude: 53.5, identity: 'CP-1', evses: [{ number: 1, powerTypes: ['DC'] }] },
    ]);
  });
});
