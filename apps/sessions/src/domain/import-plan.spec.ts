import { expect, it } from 'vitest';
import { locationEffect, stationEffect } from './import-plan.js';
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
