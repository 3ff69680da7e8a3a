import { describe, expect, it } from 'vitest';
import {
  connectorEntry,
  firstWithSameIdentity,
  locationEntry,
  locationProblem,
  stationEntry,
  stationProblem,
} from './station-import.js';

const good = {
  identity: 'CP-1',
  location: 'Depot',
  securityProfile: 1,
  password: 'a-password-of-24-letters',
  connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 32 }],
};

describe('station entry', () => {
  it('fills what an operator leaves out', () => {
    const entry = stationEntry(good);
    expect(stationProblem(entry)).toBeUndefined();
    expect(entry.name).toBe('CP-1');
    expect(entry.connectors[0]).toMatchObject({
      standard: 'IEC_62196_T2',
      powerType: 'AC_3_PHASE',
      maxVoltageV: 400,
    });
  });

  it.each([
    ['STATION_IDENTITY', { identity: '' }],
    ['STATION_IDENTITY', { identity: 'a/b' }],
    ['STATION_IDENTITY', { identity: 'x'.repeat(49) }],
    ['STATION_LOCATION', { location: ' ' }],
    ['STATION_SECURITY_PROFILE', { securityProfile: -1 }],
    ['STATION_SECURITY_PROFILE', { securityProfile: 4 }],
    ['STATION_PASSWORD', { password: 'short' }],
    ['STATION_CONNECTORS', { connectors: [] }],
    ['CONNECTOR_NUMBER', { connectors: [{ evseNumber: -1, number: 1, maxCurrentA: 16 }] }],
    ['CONNECTOR_LIMITS', { connectors: [{ evseNumber: 1, number: 1, maxCurrentA: -16 }] }],
    [
      'CONNECTOR_POWER_TYPE',
      { connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 16, powerType: 'STEAM' }] },
    ],
    ['CONNECTOR_TWICE', { connectors: [good.connectors[0]!, good.connectors[0]!] }],
  ])('names %s', (code, change) => {
    expect(stationProblem(stationEntry({ ...good, ...change }))?.code).toBe(code);
  });

  it('may have a key of 20 bytes in hexadecimal for a password', () => {
    const entry = (bytes: number) => stationEntry({ ...good, password: `hex:${'fe'.repeat(bytes)}` });
    expect(stationProblem(entry(20))).toBeUndefined();
    expect(stationProblem(entry(21))?.code).toBe('STATION_PASSWORD');
  });

  it.each([0, 1, 2, 3])('may be of security profile %i', (securityProfile) => {
    expect(stationProblem(stationEntry({ ...good, securityProfile }))).toBeUndefined();
  });

  it('takes a plug of the power type for granted', () => {
    expect(connectorEntry({ powerType: 'DC' }).standard).toBe('IEC_62196_T2_COMBO');
  });

  it('finds an identity that comes twice in another case', () => {
    const entries = [stationEntry(good), stationEntry({ ...good, identity: 'cp-1' })];
    expect([firstWithSameIdentity(entries, 0), firstWithSameIdentity(entries, 1)]).toEqual([undefined, 0]);
  });
});

describe('location entry', () => {
  it('keeps what is stored for fields left out', () => {
    const stored = locationEntry({ name: 'Depot', city: 'Utrecht', published: false });
    expect(locationEntry({ name: 'Depot', address: 'Street 1' }, stored)).toEqual({
      ...stored,
      address: 'Street 1',
    });
  });

  it.each([
    ['LOCATION_NAME', { name: '' }],
    ['LOCATION_COUNTRY', { country: 'NL' }],
    ['LOCATION_TIME_ZONE', { timeZone: 'Mars/Olympus' }],
    ['LOCATION_COORDINATES', { latitude: 91 }],
  ])('names %s', (code, change) => {
    expect(locationProblem(locationEntry({ name: 'Depot', ...change }))?.code).toBe(code);
  });
});
