/** What a fresh demo system holds: accounts, cards, two sites, stations of both OCPP versions, tariffs. */
export const DEMO_PASSWORD = 'kilowatch-demo';

export const DEMO_ACCOUNTS = [
  { email: 'operator@kilowatch.local', displayName: 'Olivia Operator', role: 'OPERATOR' },
  { email: 'driver@kilowatch.local', displayName: 'Dora Driver', role: 'DRIVER' },
  { email: 'second.driver@kilowatch.local', displayName: 'Dan Driver', role: 'DRIVER' },
] as const;

export const DEMO_TOKENS = [
  { value: '04A1B2C3D4E5F6', type: 'ISO14443', accountEmail: 'driver@kilowatch.local' },
  { value: '04D4E5F6A1B2C3', type: 'ISO14443', accountEmail: 'second.driver@kilowatch.local' },
  { value: 'DEADBEEF', type: 'ISO14443', status: 'BLOCKED' },
] as const;

/** 16 to 40 characters, as OCPP 2.0.1 wants a BasicAuthPassword. */
export const DEMO_STATION_PASSWORD = 'demo-station-password';

export const DEMO_LOCATIONS = [
  {
    name: 'Harbour Garage',
    address: 'Oosterdokskade 5',
    city: 'Amsterdam',
    postalCode: '1011 AD',
    country: 'NLD',
    latitude: 52.3767,
    longitude: 4.9098,
    timeZone: 'Europe/Amsterdam',
    published: true,
  },
  {
    name: 'Station Square',
    address: 'Stationsplein 1',
    city: 'Utrecht',
    postalCode: '3511 ED',
    country: 'NLD',
    latitude: 52.0894,
    longitude: 5.1101,
    timeZone: 'Europe/Amsterdam',
    published: true,
  },
] as const;

const type2 = (evseNumber: number, number = 1) => ({
  evseNumber,
  number,
  standard: 'IEC_62196_T2',
  powerType: 'AC_3_PHASE',
  maxCurrentA: 32,
  maxVoltageV: 230,
});

export const DEMO_STATIONS = [
  {
    identity: 'KW-DEMO-16',
    name: 'Bay 1',
    location: 'Harbour Garage',
    protocol: 'ocpp1.6',
    connectors: [type2(1)],
  },
  {
    identity: 'KW-DEMO-201',
    name: 'Bay 2',
    location: 'Harbour Garage',
    protocol: 'ocpp2.0.1',
    connectors: [type2(1)],
  },
  {
    identity: 'KW-HARBOUR-3',
    name: 'Bay 3',
    location: 'Harbour Garage',
    protocol: 'ocpp1.6',
    connectors: [type2(1)],
  },
  {
    identity: 'KW-HARBOUR-4',
    name: 'Bay 4',
    location: 'Harbour Garage',
    protocol: 'ocpp2.0.1',
    connectors: [type2(1)],
  },
  {
    identity: 'KW-SQUARE-1',
    name: 'Square 1',
    location: 'Station Square',
    protocol: 'ocpp1.6',
    connectors: [type2(1)],
  },
  {
    identity: 'KW-SQUARE-2',
    name: 'Square 2',
    location: 'Station Square',
    protocol: 'ocpp2.0.1',
    connectors: [type2(1)],
  },
] as const;

/** 0.42 EUR/kWh by day, 0.29 at night, 0.50 to start, idle 0.05 EUR/min after ten minutes; Dutch VAT 21 %. */
export const DEMO_TARIFF = {
  id: 'day-night',
  name: 'Day and night',
  currency: 'EUR',
  isDefault: true,
  idleGraceMinutes: 10,
  definition: {
    elements: [
      { price_components: [{ type: 'FLAT', price: '0.50', vat: '21', step_size: 1 }] },
      {
        price_components: [{ type: 'ENERGY', price: '0.42', vat: '21', step_size: 1 }],
        restrictions: { start_time: '07:00', end_time: '23:00' },
      },
      {
        price_components: [{ type: 'ENERGY', price: '0.29', vat: '21', step_size: 1 }],
        restrictions: { start_time: '23:00', end_time: '07:00' },
      },
      { price_components: [{ type: 'PARKING_TIME', price: '3.00', vat: '21', step_size: 60 }] },
    ],
  },
} as const;

export const DEMO_SITE_LIMIT_A = 48;
export const DEMO_TOP_UP = { amount: '100.00', currency: 'EUR' } as const;
