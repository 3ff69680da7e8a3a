/** The messages of one charging cycle as a busy charger sends them; nine sampled values a meter message. */
export interface Cycle {
  readonly version: '1.6' | '2.0.1';
  readonly token: string;
  readonly meterMessages: number;
}

export type Call = readonly [action: string, payload: Record<string, unknown>];

const iso = (at: number) => new Date(at).toISOString();

/** Everything before the transaction. */
export function openingCalls(cycle: Cycle, now: number): Call[] {
  if (cycle.version === '1.6') {
    return [
      ['BootNotification', { chargePointVendor: 'Bench', chargePointModel: 'B1' }],
      [
        'StatusNotification',
        { connectorId: 1, errorCode: 'NoError', status: 'Preparing', timestamp: iso(now) },
      ],
      ['Authorize', { idTag: cycle.token }],
    ];
  }
  return [
    ['BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Bench', model: 'B2' } }],
    ['StatusNotification', { timestamp: iso(now), connectorStatus: 'Occupied', evseId: 1, connectorId: 1 }],
    ['Authorize', { idToken: { idToken: cycle.token, type: 'ISO14443' } }],
  ];
}

export interface Transaction {
  /** 1.6: what the CSMS answered; 2.0.1: ours. */
  id: string | number;
  readonly beginWh: number;
  readonly startedAt: number;
}

export function startCall(cycle: Cycle, tx: Transaction): Call {
  if (cycle.version === '1.6') {
    const timestamp = iso(tx.startedAt);
    return ['StartTransaction', { connectorId: 1, idTag: cycle.token, meterStart: tx.beginWh, timestamp }];
  }
  return transactionEvent(
    cycle,
    tx,
    'Started',
    'Authorized',
    0,
    tx.beginWh,
    'Transaction.Begin',
    tx.startedAt,
  );
}

export function meterCall(cycle: Cycle, tx: Transaction, index: number): Call {
  const at = tx.startedAt + (index + 1) * 60_000;
  const wh = tx.beginWh + (index + 1) * 180;
  if (cycle.version === '1.6') {
    return [
      'MeterValues',
      {
        connectorId: 1,
        transactionId: tx.id,
        meterValue: [{ timestamp: iso(at), sampledValue: samples16(wh) }],
      },
    ];
  }
  return transactionEvent(cycle, tx, 'Updated', 'MeterValuePeriodic', index + 1, wh, 'Sample.Periodic', at);
}

export function stopCall(cycle: Cycle, tx: Transaction): Call {
  const at = tx.startedAt + (cycle.meterMessages + 1) * 60_000;
  const wh = tx.beginWh + (cycle.meterMessages + 1) * 180;
  if (cycle.version === '1.6') {
    return ['StopTransaction', { transactionId: tx.id, meterStop: wh, timestamp: iso(at), reason: 'Local' }];
  }
  return transactionEvent(
    cycle,
    tx,
    'Ended',
    'StopAuthorized',
    cycle.meterMessages + 1,
    wh,
    'Transaction.End',
    at,
  );
}

function transactionEvent(
  cycle: Cycle,
  tx: Transaction,
  eventType: string,
  triggerReason: string,
  seqNo: number,
  wh: number,
  context: string,
  at: number,
): Call {
  return [
    'TransactionEvent',
    {
      eventType,
      timestamp: iso(at),
      triggerReason,
      seqNo,
      transactionInfo: {
        transactionId: tx.id,
        ...(eventType === 'Started' ? { chargingState: 'Charging' } : {}),
        ...(eventType === 'Ended' ? { stoppedReason: 'Local' } : {}),
      },
      ...(eventType === 'Started' ? { idToken: { idToken: cycle.token, type: 'ISO14443' } } : {}),
      evse: { id: 1, connectorId: 1 },
      meterValue: [{ timestamp: iso(at), sampledValue: samples201(wh, context) }],
    },
  ];
}

const ELECTRIC: readonly [string, string, string, string | undefined][] = [
  ['Power.Active.Import', '10800', 'W', undefined],
  ['Current.Import', '15.6', 'A', 'L1'],
  ['Current.Import', '15.7', 'A', 'L2'],
  ['Current.Import', '15.6', 'A', 'L3'],
  ['Voltage', '230.4', 'V', 'L1-N'],
  ['Voltage', '231.0', 'V', 'L2-N'],
  ['Voltage', '229.8', 'V', 'L3-N'],
  ['SoC', '48', 'Percent', undefined],
];

function samples16(wh: number): Record<string, unknown>[] {
  return [
    { value: String(wh), measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
    ...ELECTRIC.map(([measurand, value, unit, phase]) => ({
      value,
      measurand,
      unit,
      ...(phase ? { phase } : {}),
    })),
  ];
}

function samples201(wh: number, context: string): Record<string, unknown>[] {
  return [
    { value: wh, context, measurand: 'Energy.Active.Import.Register', unitOfMeasure: { unit: 'Wh' } },
    ...ELECTRIC.map(([measurand, value, unit, phase]) => ({
      value: Number(value),
      context,
      measurand,
      unitOfMeasure: { unit },
      ...(phase ? { phase } : {}),
    })),
  ];
}
