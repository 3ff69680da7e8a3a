import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evseId } from './evse-id.js';
import { aConnector, aLocation, anEvse, aStation, BUILT_AT } from './location.builders.js';
import { connectorFormat, evseStatus, locationObject } from './location.js';

const US = { countryCode: 'NL', partyId: 'KWD' };
const FREE = { byStation: new Map<string, string>(), changedAt: undefined };

describe('the status of an EVSE', () => {
  it.each([
    ['AVAILABLE', 'AVAILABLE'],
    ['PREPARING', 'BLOCKED'],
    ['CHARGING', 'CHARGING'],
    ['SUSPENDED_EV', 'CHARGING'],
    ['SUSPENDED_EVSE', 'CHARGING'],
    ['FINISHING', 'BLOCKED'],
    ['RESERVED', 'RESERVED'],
    ['UNAVAILABLE', 'INOPERATIVE'],
    ['FAULTED', 'OUTOFORDER'],
    ['UNKNOWN', 'UNKNOWN'],
    ['SOMETHING_NEW', 'UNKNOWN'],
  ])('%s is told as %s, and as UNKNOWN while the charger is offline', (status, told) => {
    expect(evseStatus(status, true)).toBe(told);
    expect(evseStatus(status, false)).toBe('UNKNOWN');
  });
});

describe('the format of a connector', () => {
  it.each([
    ['IEC_62196_T2', 'AC_3_PHASE', 'SOCKET'],
    ['IEC_62196_T1', 'AC_1_PHASE', 'CABLE'],
    ['DOMESTIC_F', 'AC_1_PHASE', 'SOCKET'],
    ['IEC_62196_T2_COMBO', 'DC', 'CABLE'],
    ['CHADEMO', 'DC', 'CABLE'],
    ['IEC_62196_T2', 'DC', 'CABLE'],
    ['TESLA_S', 'DC', 'CABLE'],
  ])('of %s %s is %s', (standard, powerType, format) => {
    expect(connectorFormat(standard, powerType)).toBe(format);
  });
});

describe('a location', () => {
  it('carries its EVSEs with public ids, and power for AC only', () => {
    const dc = aConnector({
      standard: 'IEC_62196_T2_COMBO',
      powerType: 'DC',
      maxVoltageV: 500,
      maxCurrentA: 125,
    });
    const stations = [
      aStation(),
      aStation({ stationId: 's9', identity: 'DC-9', evses: [anEvse({ number: 2, connectors: [dc] })] }),
    ];
    const byStation = new Map([
      [stations[0]!.stationId, 't1'],
      ['s9', 't9'],
    ]);
    const told = locationObject(aLocation({ stations }), US, { byStation, changedAt: undefined });
    expect(told.evses.map((evse) => evse.evse_id)).toEqual(['NL*KWD*ECP*1*1', 'NL*KWD*EDC*9*2']);
    expect(told.evses[0]!.connectors[0]).toMatchObject({ max_electric_power: 22_080, tariff_ids: ['t1'] });
    expect(told.evses[1]!.connectors[0]).toMatchObject({ tariff_ids: ['t9'] });
    expect(told.evses[1]!.connectors[0]).not.toHaveProperty('max_electric_power');
    expect(told.coordinates).toEqual({ latitude: '52.370216', longitude: '4.895168' });
  });

  it('asks for a connector where an EVSE has several, and leaves out EVSEs without any', () => {
    const evses = [
      anEvse({ connectors: [aConnector(), aConnector({ standard: 'DOMESTIC_F' })] }),
      anEvse({ connectors: [] }),
    ];
    const told = locationObject(aLocation({ stations: [aStation({ evses })] }), US, FREE);
    expect(told.evses).toHaveLength(1);
    expect(told.evses[0]!.capabilities).toContain('START_SESSION_CONNECTOR_REQUIRED');
    expect(told.evses[0]!.connectors[0]).not.toHaveProperty('tariff_ids');
  });

  it('tells an EVSE as changed when something below or above it changed', () => {
    const later = new Date(BUILT_AT.getTime() + 60_000);
    const byConnector = anEvse({ connectors: [aConnector({ lastUpdated: later })] });
    for (const station of [aStation({ evses: [byConnector] }), aStation({ lastUpdated: later })]) {
      expect(locationObject(aLocation({ stations: [station] }), US, FREE).evses[0]!.last_updated).toBe(
        later.toISOString(),
      );
    }
  });

  it('tells all of it as changed when the tariffs of places did, and never as older than it was', () => {
    const told = (changedAt: Date) => {
      const location = locationObject(aLocation(), US, { ...FREE, changedAt });
      const [evse] = location.evses;
      return [location.last_updated, evse!.last_updated, evse!.connectors[0]!.last_updated];
    };
    const later = new Date(BUILT_AT.getTime() + 60_000);
    expect(new Set(told(later))).toEqual(new Set([later.toISOString()]));
    expect(new Set(told(new Date(0)))).toEqual(new Set([BUILT_AT.toISOString()]));
  });

  it('keeps to the limits of the fields', () => {
    const long = 'x'.repeat(300);
    const told = locationObject(
      aLocation({ name: long, address: long, city: '', postalCode: long }),
      US,
      FREE,
    );
    expect([told.name.length, told.address.length, told.city.length, told.postal_code!.length]).toEqual([
      255, 45, 45, 10,
    ]);
    expect(locationObject(aLocation({ postalCode: ' ' }), US, FREE)).not.toHaveProperty('postal_code');
  });
});

describe('the public id of an EVSE', () => {
  const UID = '01a10000-0000-7000-8000-0000000000e1';

  it('follows the format whatever the identity is', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 48 }),
        fc.integer({ min: 1, max: 99 }),
        (identity, number) => {
          const id = evseId(US, identity, number, UID);
          expect(id).toMatch(/^NL\*KWD\*E[A-Z0-9][A-Z0-9*]*\*\d+$/);
          expect(id.length).toBeLessThanOrEqual(48);
        },
      ),
    );
  });

  it('does not give two identities one id', () => {
    const ids = ['CP-1', 'CP_1', 'CP 1', 'CP1', 'CP.1'].map((identity, i) =>
      evseId(US, identity, 1, `01a10000-0000-7000-8000-00000000000${i}`),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
