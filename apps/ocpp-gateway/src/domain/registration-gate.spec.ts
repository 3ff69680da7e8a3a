import { describe, expect, it } from 'vitest';
import { mayTell, type Registration } from './registration-gate.js';

describe('the gate of a station that is not accepted', () => {
  it.each<[Registration | undefined, Parameters<typeof mayTell>[1], boolean]>([
    [undefined, 'authorize', true],
    ['Accepted', 'authorize', true],
    ['Pending', 'boot', true],
    ['Pending', 'transaction', true],
    ['Pending', 'meterValues', true],
    ['Pending', 'securityEvent', true],
    ['Pending', 'report', true],
    ['Pending', 'heartbeat', true],
    ['Pending', 'authorize', false],
    ['Pending', 'dataTransfer', false],
    ['Rejected', 'boot', true],
    ['Rejected', 'transaction', true],
    ['Rejected', 'meterValues', true],
    ['Rejected', 'heartbeat', false],
    ['Rejected', 'connectorStatus', false],
    ['Rejected', 'authorize', false],
  ])('when told %s lets %s through: %s', (registration, type, passes) => {
    expect(mayTell(registration, type)).toBe(passes);
  });
});
