import { expect, it } from 'vitest';
import { alertTarget } from './alert-target.js';

const session = { id: 's-1' } as never;
const station = { id: 'st-1' } as never;

it('leads to what somebody acts on', () => {
  expect(alertTarget({ kind: 'STATION_FAULT', session, station })).toBe('/stations/st-1');
  expect(alertTarget({ kind: 'FULLY_CHARGED', session, station })).toBe('/sessions/s-1');
  expect(alertTarget({ kind: 'CONNECTOR_STUCK', session: null, station })).toBe('/stations/st-1');
  expect(alertTarget({ kind: 'UNAUTHORISED_ATTEMPT', session: null, station })).toBe('/attempts');
  expect(alertTarget({ kind: 'CARD_DECLINED', session, station: null })).toBe('/account/cards');
  expect(alertTarget({ kind: 'CONTRACT_DECIDED', session: null, station: null })).toBe('/account/contracts');
  expect(alertTarget({ kind: 'INVOICE_READY', session: null, station: null })).toBe('/alerts');
});
