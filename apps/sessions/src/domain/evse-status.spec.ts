import { expect, it } from 'vitest';
import { evseStatus } from './evse-status.js';

it.each([
  [['AVAILABLE', 'CHARGING'], 'CHARGING'],
  [['FAULTED', 'AVAILABLE'], 'AVAILABLE'],
  [['FAULTED', 'UNAVAILABLE'], 'FAULTED'],
  [['UNKNOWN'], 'UNKNOWN'],
  [[], 'UNKNOWN'],
] as const)('connectors %j make the EVSE %s', (connectors, status) => {
  expect(evseStatus(connectors)).toBe(status);
});
