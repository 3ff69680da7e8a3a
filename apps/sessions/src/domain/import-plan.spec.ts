import { expect, it } from 'vitest';
import { entryProblem, locationEffect, planLocations, stationEffect } from './import-plan.js';
import { locationEntry, stationEntry } from './station-import.js';

const entry = stationEntry({
  identity: 'CP-1',
  location: 'Depot',
  connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 32 }],
});
const stored = { ...entry, locationId: 'l-1' };

it('creates what is new and leaves alone what is the same', () => {
  expect(stationEffect(entry, 'l-1', undefined)).toBe('created');
  expect(stationEffect(entry, 'l-1', stored)).toBe('unchanged');
});

it.each([
  ['another name', { ...entry, name: 'Gate' }],
  ['another spelling of the identity', { ...entry, identity: 'cp-1' }],
  ['a stronger connector', { ...entry, connectors: [{ ...entry.connectors[0]!, maxCurrentA: 63 }] }],
  [
    'one more connector',
    { ...entry, connectors: [...entry.connectors, { ...entry.connectors[0]!, number: 2 }] },
  ],
])('updates for %s', (_name, changed) => {
  expect(stationEffect(changed, 'l-1', stored)).toBe('updated');
});

it('updates a station that moved, and keeps connectors an import leaves out', () => {
  expect(stationEffect(entry, 'l-2', stored)).toBe('updated');
  const two = { ...stored, connectors: [...entry.connectors, { ...entry.connectors[0]!, number: 2 }] };
  expect(stationEffect(entry, 'l-1', two)).toBe('unchanged');
});

it('sees a change of a location', () => {
  const depot = locationEntry({ name: 'Depot' });
  expect(locationEffect(depot, undefined)).toBe('created');
  expect(locationEffect(depot, { ...depot })).toBe('unchanged');
  expect(locationEffect(depot, { ...depot, city: 'Utrecht' })).toBe('updated');
});

it('makes a location that only a station names, but not one whose own entry was refused', () => {
  const stations = [entry, stationEntry({ ...entry, identity: 'CP-2', location: 'Nowhere' })];
  const plan = planLocations([{ name: 'Nowhere', country: 'X' }], stations, new Map(), () => 'new');
  expect([...plan.all.keys()]).toEqual(['Depot']);
  expect(plan.problems).toMatchObject([{ index: 0, code: 'LOCATION_COUNTRY' }]);
  expect(entryProblem(stations, 0, plan.all)).toBeUndefined();
  expect(entryProblem(stations, 1, plan.all)?.code).toBe('STATION_LOCATION');
});

it('changes a stored location only where the import says so', () => {
  const depot = { id: 'l-1', version: 3, entry: locationEntry({ name: 'Depot', city: 'Utrecht' }) };
  const stored = new Map([['Depot', depot]]);
  const same = planLocations([{ name: 'Depot', city: 'Utrecht' }], [], stored, () => 'new');
  const moved = planLocations([{ name: 'Depot', city: 'Zwolle' }], [], stored, () => 'new');
  expect([same.changed.size, [...moved.changed]]).toEqual([0, ['l-1']]);
  expect(moved.all.get('Depot')).toMatchObject({ version: 3, entry: { city: 'Zwolle' } });
});
