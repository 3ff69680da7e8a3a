// A small believable world: two locations, a handful of stations, sessions that go on charging. Everything is made
// from the time it is given, so that the same second gives the same figures.

const MINUTE = 60_000;
const PRICE = 0.42;
const VAT = 19;

const iso = (ms) => new Date(ms).toISOString();
const money = (amount) => ({ amount: amount.toFixed(2), currency: 'EUR' });

export const ACCOUNTS = {
  driver: { id: 'a-driver', email: 'driver@demo.example', displayName: 'Dana Driver', role: 'DRIVER' },
  operator: {
    id: 'a-operator',
    email: 'operator@demo.example',
    displayName: 'Olli Operator',
    role: 'OPERATOR',
  },
  admin: { id: 'a-admin', email: 'admin@demo.example', displayName: 'Ada Admin', role: 'ADMIN' },
};

export function createWorld(startMs) {
  const locations = [
    { id: 'l1', name: 'Harbour Garage', address: 'Kaistrasse 12', city: 'Hamburg', postalCode: '20457' },
    { id: 'l2', name: 'North Park & Ride', address: 'Nordring 3', city: 'Kiel', postalCode: '24103' },
  ].map((location) => ({ ...location, timeZone: 'Europe/Berlin', country: 'DE', published: true }));
  const stations = Array.from({ length: 27 }, (_, i) => station(i, locations[i < 6 ? 0 : 1], startMs));
  for (const location of locations)
    location.stations = stations.filter((one) => one.location.id === location.id);
  const sessions = [
    session(stations[0], { id: 's-live', startedMs: startMs - 47 * MINUTE, powerW: 10_900, soc: 46 }),
    session(stations[2], {
      id: 's-paused',
      startedMs: startMs - 12 * MINUTE,
      powerW: 3_600,
      soc: null,
      other: true,
    }),
    ...Array.from({ length: 13 }, (_, i) => ended(stations[i % 5], i, startMs)),
  ];
  stations[0].activeSessions.push(sessions[0]);
  stations[2].activeSessions.push(sessions[1]);
  const alerts = [
    alert(
      'al1',
      'CHARGING_STARTED',
      'INFO',
      'Charging started',
      'Harbour 01 delivers up to 11 kW.',
      startMs - 46 * MINUTE,
      { session: sessions[0] },
    ),
    alert(
      'al2',
      'INVOICE_READY',
      'INFO',
      'Invoice KW-000112 is ready',
      '€9.41 were paid from your wallet.',
      startMs - 26 * 60 * MINUTE,
      { session: sessions[2], readAt: iso(startMs) },
    ),
  ];
  const operatorAlerts = [
    alert(
      'ao1',
      'STATION_FAULT',
      'CRITICAL',
      'Ground failure at Harbour 04',
      'Point 1 reports GroundFailure and is out of use.',
      startMs - 9 * MINUTE,
      { station: stations[3] },
    ),
    alert(
      'ao2',
      'ANOMALY',
      'WARNING',
      'Power drop at Harbour 03',
      'Power fell from 10.8 kW to 3.6 kW and has stayed there for 6 minutes.',
      startMs - 4 * MINUTE,
      { session: sessions[1], station: stations[2] },
    ),
  ];
  const anomalies = [
    {
      id: 'an1',
      kind: 'POWER_DROP',
      station: stations[2],
      session: sessions[1],
      onset: iso(startMs - 10 * MINUTE),
      detectedAt: iso(startMs - 4 * MINUTE),
      resolvedAt: null,
      confidence: 0.91,
      evidence: {},
      explanation: 'Power fell from 10.8 kW to 3.6 kW while the site had current to spare.',
    },
  ];
  stations[2].openAnomalies.push(anomalies[0]);
  sessions[1].anomalies.push(anomalies[0]);
  return { locations, stations, sessions, alerts, operatorAlerts, anomalies, preferences: preferences() };
}

function station(i, location, startMs) {
  const name = `${location.id === 'l1' ? 'Harbour' : 'North'} ${String(i + 1).padStart(2, '0')}`;
  const online = ![4, 11, 19].includes(i);
  const status = i === 0 || i === 2 ? 'CHARGING' : i === 3 ? 'FAULTED' : i === 1 ? 'PREPARING' : 'AVAILABLE';
  const isDc = i % 7 === 5;
  const connectors = [1, 2].map((number) => ({
    id: `c${i}-${number}`,
    number: 1,
    status: number === 1 ? status : 'AVAILABLE',
    errorCode: number === 1 && i === 3 ? 'GroundFailure' : null,
    vendorErrorCode: number === 1 && i === 3 ? 'E-204' : null,
    info: null,
    statusSince: iso(startMs - (i + 3) * MINUTE),
    standard: isDc ? 'IEC_62196_T2_COMBO' : 'IEC_62196_T2',
    powerType: isDc ? 'DC' : 'AC_3_PHASE',
    maxCurrentA: isDc ? 125 : 16,
    maxVoltageV: isDc ? 400 : 230,
  }));
  return {
    id: `st${i}`,
    identity: `KW-${100 + i}`,
    name,
    location,
    online,
    protocol: i % 2 ? 'ocpp2.0.1' : 'ocpp1.6',
    vendor: 'Voltwerk',
    model: isDc ? 'Rapid 50' : 'Duo 11',
    serialNumber: `VW-77${310 + i}`,
    firmwareVersion: '4.2.1',
    lastBootAt: iso(startMs - 3 * 24 * 60 * MINUTE),
    lastSeenAt: iso(startMs - (online ? 0.3 : 190) * MINUTE),
    evses: connectors.map((connector, n) => ({
      id: `e${i}-${n}`,
      number: n + 1,
      get status() {
        return connector.status;
      },
      connectors: [connector],
    })),
    activeSessions: [],
    openAnomalies: [],
    deviations: i === 0 ? [{ kind: 'unknown_enum', messages: 1204, lastAt: new Date().toISOString() }] : [],
    ratingSummary: i % 3 === 2 ? { average: 0, count: 0 } : { average: 4.1 + (i % 4) / 5, count: 7 + i },
  };
}

function session(at, { id, startedMs, powerW, soc, other = false }) {
  return {
    __typename: 'Session',
    id,
    state: 'ACTIVE',
    chargingState: 'CHARGING',
    station: at,
    location: at.location,
    evseNumber: 1,
    connector: at.evses[0].connectors[0],
    driver: other
      ? { ...ACCOUNTS.driver, id: 'a-2', displayName: 'Milan Maier', email: 'milan@demo.example' }
      : ACCOUNTS.driver,
    isOthers: other,
    token: { id: 't1', masked: '****C3D4', type: 'ISO14443' },
    startMethod: 'RFID',
    protocol: at.protocol,
    transactionId: '1893466127',
    startedMs,
    startedAt: iso(startedMs),
    endedAt: null,
    stopReason: null,
    basePowerW: powerW,
    baseSoc: soc,
    energyStatus: 'RUNNING',
    currentLimitA: 16,
    billingHold: null,
    collectiveMonth: null,
    collectiveInvoiceAt: null,
    fund: null,
    canRate: false,
    rating: null,
    invoice: null,
    quote: quote(`q-${id}`),
    alerts: [],
    anomalies: [],
    meterDeviations: [],
  };
}

/** Figures of a session that runs, at this instant. */
export function advance(one, nowMs) {
  if (one.state === 'ENDED') return;
  const minutes = (nowMs - one.startedMs) / MINUTE;
  one.livePowerW = Math.round(one.basePowerW + 120 * Math.sin(nowMs / 7_000));
  one.energyWh = Math.round((one.basePowerW * minutes) / 60);
  one.socPercent = one.baseSoc === null ? null : Math.min(100, one.baseSoc + minutes * 0.3);
  one.lastReadingAt = iso(nowMs);
  one.estimatedFullAt = one.baseSoc === null ? null : iso(nowMs + (100 - one.socPercent) * 3.3 * MINUTE);
  one.cost = cost(one.energyWh, one.startedMs, nowMs, false);
}

export function end(one, nowMs, number) {
  advance(one, nowMs);
  Object.assign(one, {
    state: 'ENDED',
    chargingState: 'IDLE',
    endedAt: iso(nowMs),
    stopReason: 'Remote',
    livePowerW: 0,
  });
  Object.assign(one, { energyStatus: 'MEASURED', estimatedFullAt: null, canRate: true });
  one.endedMs = nowMs;
  one.cost = cost(one.energyWh, one.startedMs, nowMs, true);
  one.invoice = invoice(one, number, nowMs);
  one.connector.status = 'AVAILABLE';
  one.station.activeSessions = one.station.activeSessions.filter((other) => other !== one);
}

function ended(at, i, startMs) {
  const one = session(at, {
    id: `s-old-${i}`,
    startedMs: startMs - (26 + i * 40) * 60 * MINUTE,
    powerW: 7_200 + 500 * (i % 4),
    soc: null,
  });
  const status = one.connector.status;
  const active = at.activeSessions;
  end(one, one.startedMs + (60 + 17 * i) * MINUTE, 112 - i);
  one.connector.status = status;
  at.activeSessions = active;
  if (i === 1)
    one.rating = {
      id: 'r1',
      score: 4,
      reasons: ['PRICE'],
      text: 'Quick, a bit hidden.',
      session: one,
      createdAt: one.endedAt,
      updatedAt: one.endedAt,
    };
  return one;
}

/** Power over time: a ramp, a plateau with ripple, a tail. */
export function curve(one, nowMs, stepSeconds) {
  const end = one.endedMs ?? nowMs;
  const points = [];
  for (let at = one.startedMs; at <= end; at += stepSeconds * 1000) {
    const minutes = (at - one.startedMs) / MINUTE;
    const ramp = Math.min(1, minutes / 2);
    const drop = one.isOthers && minutes < 3 ? 3 : 1;
    const dip = !one.isOthers && minutes > 18 && minutes < 22 ? 0.55 : 1;
    points.push({
      at: iso(at),
      powerW: Math.round(one.basePowerW * ramp * drop * dip + 120 * Math.sin(at / 40_000)),
      energyWh: null,
    });
  }
  return points;
}

function cost(energyWh, fromMs, toMs, final) {
  const energy = Math.round(energyWh * PRICE) / 1000;
  const lines = [
    line('FLAT', '1', '', '0.50', 0.5, 'Once for each session', fromMs, toMs),
    line('ENERGY', (energyWh / 1000).toFixed(3), 'kWh', PRICE.toFixed(2), energy, 'Day rate', fromMs, toMs),
  ];
  return { final, ...totals(lines), lines };
}

function totals(lines) {
  const sum = (key) => money(lines.reduce((total, one) => total + Number(one[key].amount), 0));
  return { totalExclVat: sum('exclVat'), totalVat: sum('vat'), totalInclVat: sum('inclVat') };
}

function line(dimension, quantity, unit, unitPrice, net, explanation, fromMs, toMs) {
  const vat = (net * VAT) / 100;
  return {
    dimension,
    from: iso(fromMs),
    to: iso(toMs),
    quantity,
    unit,
    unitPrice,
    vatPercent: String(VAT),
    exclVat: money(net),
    vat: money(vat),
    inclVat: money(net + vat),
    explanation,
  };
}

function invoice(one, number, nowMs) {
  const { lines, totalExclVat, totalVat, totalInclVat } = one.cost;
  return {
    id: `i-${one.id}`,
    number: `KW-${String(number).padStart(6, '0')}`,
    kind: 'INVOICE',
    credits: null,
    notes: [],
    status: number % 6 === 0 ? 'OPEN' : 'PAID',
    issuedAt: iso(nowMs),
    paidAt: number % 6 === 0 ? null : iso(nowMs),
    paymentMethod: number % 6 === 0 ? null : number % 6 === 1 ? 'CARD' : 'WALLET',
    payments:
      number % 6 === 1
        ? [
            {
              id: `p-${one.id}`,
              state: 'CAPTURED',
              createdAt: iso(nowMs),
              amount: { amount: '50.00', currency: 'EUR' },
              captured: totalInclVat,
              refunded: { amount: '0.00', currency: 'EUR' },
              card: { brand: 'visa', last4: '4242' },
            },
          ]
        : [],
    seller: { name: 'Demo Charging GmbH', address: 'Speicherstadt 1\n20457 Hamburg', vatId: 'DE123456789' },
    account: one.driver,
    totalExclVat,
    totalVat,
    totalInclVat,
    vat: [{ percent: String(VAT), base: totalExclVat, vat: totalVat }],
    lines,
    session: one,
    month: null,
    dueAt: iso(nowMs + 14 * 86_400_000),
    overdue: false,
    transferPaid: money(0),
    dunning: null,
    taxes: [],
    creditedInclVat: money(0),
    owedInclVat: number % 6 === 0 ? totalInclVat : money(0),
    sessions: {
      edges: [
        {
          cursor: one.id,
          node: {
            session: one,
            startedAt: one.startedAt,
            endedAt: one.endedAt,
            energyWh: one.energyWh,
            place: one.location.name,
            totalExclVat,
            totalInclVat,
          },
        },
      ],
      pageInfo: { hasNextPage: false, endCursor: null },
    },
  };
}

export function quote(id, nowMs) {
  const hour = nowMs === undefined ? 0 : Math.floor(nowMs / 3_600_000) * 3_600_000;
  const prices = ['0.42', '0.42', '0.48', '0.48', '0.39', '0.31', '0.31', '0.42'];
  return {
    id,
    tariffId: 'standard',
    tariffName: 'Standard',
    tariffVersion: 3,
    hash: 'h',
    summary: [
      '€0.42 per kWh by day, €0.31 from 22:00 to 06:00',
      '€0.50 once per session',
      '€0.10 per minute after 30 minutes of standing full',
      'Prices without 19 % VAT',
    ],
    schedule:
      nowMs === undefined
        ? []
        : prices.map((energyPricePerKwh, i) => ({
            from: iso(hour + i * 3 * 3_600_000),
            to: iso(hour + (i + 1) * 3 * 3_600_000),
            energyPricePerKwh,
            currency: 'EUR',
          })),
    validUntil: nowMs === undefined ? null : iso(nowMs + 15 * MINUTE),
    lockedAt: null,
  };
}

export function alert(id, kind, severity, title, body, raisedMs, rest = {}) {
  return {
    id,
    kind,
    severity,
    title,
    body,
    raisedAt: iso(raisedMs),
    readAt: null,
    session: null,
    station: null,
    deliveries: [],
    ...rest,
  };
}

function preferences() {
  const kinds = [
    'CHARGING_STARTED',
    'FULLY_CHARGED',
    'CHARGING_INTERRUPTED',
    'INVOICE_READY',
    'INVOICE_CREDITED',
    'DISPUTE_DECIDED',
    'MONEY_LOW',
    'MONEY_USED_UP',
    'STATION_FAULT',
    'ANOMALY',
    'STATION_SECURITY',
    'FIRMWARE_FAILED',
    'CONNECTOR_STUCK',
    'UNAUTHORISED_ATTEMPT',
  ];
  return kinds.flatMap((kind) =>
    ['IN_APP', 'EMAIL'].map((channel) => ({
      kind,
      channel,
      enabled: channel === 'IN_APP' || kind !== 'CHARGING_STARTED',
    })),
  );
}

export { session as newSession };
