import { OCPP16, OCPP20, OCPP21 } from 'typed-ocpp';
import { describe, expect, it } from 'vitest';
import { OCPP_VERSIONS } from '../version.js';
import { CSMS_ACTIONS, isTransactionAction, STATION_ACTIONS } from './actions.js';
import { TypedOcppSchemas } from './typed-ocpp-schemas.js';

const SCHEMA_NAMES = {
  '1.6': Object.keys(OCPP16.schemas),
  '2.0.1': Object.keys(OCPP20.schemas),
  '2.1': Object.keys(OCPP21.schemas),
};

describe.each(OCPP_VERSIONS)('actions of %s', (version) => {
  it('are exactly those the version has schemas for', () => {
    const named = new Set(SCHEMA_NAMES[version].map((name) => name.replace(/(Request|Response)$/, '')));
    const ours = new Set([...STATION_ACTIONS[version], ...CSMS_ACTIONS[version]]);
    expect([...ours].sort()).toEqual([...named].sort());
  });

  it('start from one side only, save DataTransfer', () => {
    const both = [...STATION_ACTIONS[version]].filter((action) => CSMS_ACTIONS[version].has(action));
    expect(both).toEqual(['DataTransfer']);
  });

  it('can all be validated', () => {
    const schemas = new TypedOcppSchemas();
    for (const action of [...STATION_ACTIONS[version], ...CSMS_ACTIONS[version]]) {
      const check = schemas.validateOutbound(version, action, 'request', {});
      expect(check.ok || check.problem.fault, action).not.toBe('notImplemented');
    }
  });
});

it('knows which actions carry energy', () => {
  expect(isTransactionAction('StopTransaction')).toBe(true);
  expect(isTransactionAction('Heartbeat')).toBe(false);
});
