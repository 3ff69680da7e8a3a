import { describe, expect, it } from 'vitest';
import { cdrLocation, cdrObject, type CdrSource } from './cdr.js';
import { authMethod, cdrToken } from './cdr-token.js';
import { aLocation } from './location.builders.js';
import { sessionObject, type SessionSource } from './session.js';
import { tariffObject } from './tariff.js';
import { hoursOf, kwhOf, numberOf } from './values.js';

const US = { countryCode: 'NL', partyId: 'KWD' };
const at = (clock: string) => new Date(`2026-03-01T${clock}:00Z`);
const TARIFF = JSON.stringify({
  id: 'whatever',
  currency: 'EUR',
  idle_grace_minutes: 10,
  min_price: { excl_vat: '0.50' },
  max_price: null,
  elements: [
    {
      price_components: [{ type: 'ENERGY', price: '0.2510', vat: '21', step_size: 1 }],
      restrictions: { start_time: '08:00', min_kwh: '1.5', day_of_week: [], max_power: null },
    },
    { price_components: [{ type: 'FLAT', price: 0.5, step_size: 1 }], restrictions: {} },
  ],
});

const cdr: CdrSource = {
  cdrId: 'cdr-1',
  sessionId: 's1',
  locationId: aLocation().locationId,
  evseId: '01a10000-0000-7000-8000-0000000000e1',
  connectorId: '01a10000-0000-7000-8000-0000000000c1',
  tokenId: '01a10000-0000-7abc-8def-0123456789ab',
  tokenType: 'ISO14443',
  authMethod: 'AUTH_REQUEST',
  startedAt: at('10:00'),
  endedAt: at('12:00'),
  energyMwh: 12_345_678,
  idleSeconds: 1800,
  currency: 'EUR',
  totalExclVat: '3.10',
  totalInclVat: '3.75',
  energyExclVat: '3.10',
  energyInclVat: '3.75',
  timeExclVat: '',
  timeInclVat: '',
  parkingExclVat: '0.00',
  parkingInclVat: '0.00',
  fixedExclVat: '',
  fixedInclVat: '',
  tariffOcpiJson: TARIFF,
  tariffId: 't1',
  periods: [
    { from: at('10:00'), to: at('11:00'), energyMwh: 12_345_678, kind: 'CHARGING' },
    { from: at('11:00'), to: at('11:20'), energyMwh: 0, kind: 'HELD' },
    { from: at('11:20'), to: at('11:30'), energyMwh: 0, kind: 'GRACE' },
    { from: at('11:30'), to: at('12:00'), energyMwh: 0, kind: 'IDLE' },
  ],
  reservationId: '',
  reservationExclVat: '',
  reservationInclVat: '',
  invoiceNumber: 'KW-2026-000001',
  creditOf: '',
  remark: '',
  lastUpdated: at('12:05'),
};

describe('a CDR', () => {
  const place = cdrLocation(cdr, aLocation(), US);
  const told = cdrObject(cdr, place, US);

  it('has the place with EVSE and connector', () => {
    expect(told.cdr_location).toMatchObject({
      city: 'Amsterdam',
      evse_id: 'NL*KWD*ECP*1*1',
      connector_standard: 'IEC_62196_T2',
      connector_format: 'SOCKET',
      connector_power_type: 'AC_3_PHASE',
    });
  });

  it('has a dimension in each period: held is time, grace is nothing, idle is parking', () => {
    expect(told.charging_periods.map((period) => period.dimensions)).toEqual([
      [
        { type: 'ENERGY', volume: 12.345678 },
        { type: 'TIME', volume: 1 },
      ],
      [
        { type: 'ENERGY', volume: 0 },
        { type: 'TIME', volume: 0.333333 },
      ],
      [{ type: 'ENERGY', volume: 0 }],
      [{ type: 'PARKING_TIME', volume: 0.5 }],
    ]);
  });

  it('tells totals as numbers with the digits that were priced, and leaves out costs that were not', () => {
    expect(told).toMatchObject({
      total_energy: 12.345678,
      total_time: 2,
      total_parking_time: 0.5,
      total_cost: { excl_vat: 3.1, incl_vat: 3.75 },
      total_energy_cost: { excl_vat: 3.1, incl_vat: 3.75 },
      invoice_reference_id: 'KW-2026-000001',
    });
    expect(told).not.toHaveProperty('total_time_cost');
    expect(told).not.toHaveProperty('total_fixed_cost');
  });

  it('that takes back another one says so, and its cost is negative', () => {
    const credit = cdrObject(
      { ...cdr, creditOf: 'cdr-0', totalExclVat: '-3.10', totalInclVat: '-3.75', remark: 'x'.repeat(300) },
      place,
      US,
    );
    expect(credit).toMatchObject({
      ...{ credit: true, credit_reference_id: 'cdr-0', total_energy_cost: { excl_vat: 3.1 } },
      total_cost: { excl_vat: -3.1, incl_vat: -3.75 },
    });
    expect(credit.remark).toHaveLength(255);
    expect(told).not.toHaveProperty('credit');
    expect(told).not.toHaveProperty('remark');
  });

  it('of hours below zero has a cost below zero, and takes nothing back', () => {
    const paid = {
      totalExclVat: '-1.00',
      totalInclVat: '-1.21',
      energyExclVat: '-1.00',
      energyInclVat: '-1.21',
    };
    const below = cdrObject({ ...cdr, ...paid }, place, US);
    expect(below).toMatchObject({
      total_cost: { excl_vat: -1, incl_vat: -1.21 },
      total_energy_cost: { excl_vat: -1, incl_vat: -1.21 },
    });
    expect(below).not.toHaveProperty('credit');
  });

  it('has one period even when billing kept none', () => {
    expect(cdrObject({ ...cdr, periods: [] }, place, US).charging_periods).toHaveLength(1);
  });

  it('keeps the ids where the place is gone', () => {
    expect(cdrLocation(cdr, undefined, US)).toMatchObject({
      id: cdr.locationId,
      evse_uid: cdr.evseId,
      evse_id: '#NA',
    });
  });
});

describe('a tariff', () => {
  it('has the fields of the specification, decimals as numbers, nothing empty', () => {
    const told = tariffObject(
      { tariffId: 't1', currency: 'EUR', ocpiJson: TARIFF, lastUpdated: at('09:00') },
      US,
    );
    expect(told).toEqual({
      country_code: 'NL',
      party_id: 'KWD',
      id: 't1',
      currency: 'EUR',
      min_price: { excl_vat: 0.5 },
      elements: [
        {
          price_components: [{ type: 'ENERGY', price: 0.251, vat: 21, step_size: 1 }],
          restrictions: { start_time: '08:00', min_kwh: 1.5 },
        },
        { price_components: [{ type: 'FLAT', price: 0.5, step_size: 1 }] },
      ],
      last_updated: '2026-03-01T09:00:00.000Z',
    });
  });
});

describe('a session', () => {
  const source: SessionSource = {
    sessionId: 's1',
    startedAt: at('10:00'),
    endedAt: undefined,
    locationId: 'l1',
    evseUid: 'e1',
    connectorId: '',
    tokenId: '',
    tokenType: '',
    startMethod: 'OFFLINE',
    energyMwh: undefined,
    cost: undefined,
    lastUpdated: at('10:01'),
  };

  it('is active until its price is known, so that nothing changes afterwards', () => {
    expect(sessionObject(source, US, 'EUR')).toMatchObject({
      status: 'ACTIVE',
      kwh: 0,
      currency: 'EUR',
      connector_id: '#NA',
    });
    const ended = sessionObject({ ...source, endedAt: at('12:00'), energyMwh: 1_000_000 }, US, 'EUR');
    expect(ended).toMatchObject({ status: 'ACTIVE', kwh: 1, end_date_time: '2026-03-01T12:00:00.000Z' });
    const cost = { currency: 'SEK', exclVat: '10.00', inclVat: '12.50' };
    expect(sessionObject({ ...source, endedAt: at('12:00'), cost }, US, 'EUR')).toMatchObject({
      status: 'COMPLETED',
      currency: 'SEK',
      total_cost: { excl_vat: 10, incl_vat: 12.5 },
    });
  });

  it('says truly how it was authorised', () => {
    expect(['RFID', 'COMMAND', 'OFFLINE', 'AUTH_REQUEST', 'WHITELIST'].map(authMethod)).toEqual([
      'AUTH_REQUEST',
      'COMMAND',
      'WHITELIST',
      'AUTH_REQUEST',
      'WHITELIST',
    ]);
  });

  it('names the token by its id and a contract derived from it', () => {
    const token = cdrToken(US, '01a10000-0000-7abc-8def-0123456789ab', 'Central');
    expect(token).toMatchObject({ uid: '01a10000-0000-7abc-8def-0123456789ab', type: 'APP_USER' });
    expect(token.contract_id).toMatch(/^NL-KWD-C[A-Z0-9]{24}$/);
    expect(cdrToken(US, '', '').contract_id).toBe('#NA');
  });
});

describe('numbers', () => {
  it('keep the digits of the decimal', () => {
    expect([numberOf('0.10'), numberOf('1234567.89'), kwhOf(1), hoursOf(1), hoursOf(3600)]).toEqual([
      0.1, 1234567.89, 0.000001, 0.000278, 1,
    ]);
  });

  it('refuse more digits than a JSON number holds', () => {
    expect(() => numberOf('12345678901234567.89')).toThrow(/OCPI_NUMBER/);
  });
});

describe('a CDR with a reservation', () => {
  const kept = { from: at('09:40'), to: at('10:00'), energyMwh: 0, kind: 'RESERVED' };

  it('has the time that was kept before the session, and its price', () => {
    const object = cdrObject(
      {
        ...cdr,
        startedAt: at('09:40'),
        periods: [kept, ...cdr.periods],
        reservationExclVat: '1.00',
        reservationInclVat: '1.21',
      },
      cdrLocation(cdr, aLocation(), US),
      US,
    );
    expect(object).toMatchObject({
      session_id: 's1',
      total_time: 2,
      total_reservation_cost: { excl_vat: 1, incl_vat: 1.21 },
    });
    expect(object.charging_periods[0]!.dimensions).toEqual([{ type: 'RESERVATION_TIME', volume: 0.333333 }]);
  });

  it('that no session used has no session, no EVSE and no energy', () => {
    const unused = { ...cdr, sessionId: 'r1', reservationId: 'r1', energyMwh: 0, idleSeconds: 0 };
    const over = { startedAt: at('09:40'), endedAt: at('10:00'), periods: [kept] };
    const location = cdrLocation(unused, aLocation(), US);
    expect(location).toMatchObject({ evse_uid: '#NA', evse_id: '#NA', connector_id: '#NA' });
    const object = cdrObject({ ...unused, ...over }, location, US);
    expect(object).not.toHaveProperty('session_id');
    expect(object).toMatchObject({ total_energy: 0, total_time: 0 });
  });
});
