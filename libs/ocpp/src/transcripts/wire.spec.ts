// What chargers were seen to send (docs/ocpp-notes.md section 5), from text to message.
import { describe, expect, it } from 'vitest';
import {
  FRAME_LIMITS,
  mapCall,
  parseFrame,
  TypedOcppSchemas,
  type ChargerMessage,
  type DeviationKind,
  type JsonObject,
  type OcppVersion,
} from '../index.js';

const NOW = new Date('2026-11-21T02:00:00.000Z');
const AT = '2026-11-21T01:27:18.016Z';
const schemas = new TypedOcppSchemas();

function heard(version: OcppVersion, action: string, payload: object) {
  const frame = parseFrame(JSON.stringify([2, 'm', action, payload]), version);
  if (frame.kind !== 'call') throw new Error(frame.kind);
  const check = schemas.validateInbound(version, action, 'request', frame.payload);
  if (!check.ok) throw new Error(check.problem.text);
  const kinds: DeviationKind[] = check.deviations.map((deviation) => deviation.kind);
  return { message: mapCall(version, action, check.payload, { receivedAt: NOW }).message, kinds };
}

function readings(message: ChargerMessage) {
  if (!('readings' in message)) throw new Error(message.type);
  return message.readings;
}

const answered = (version: OcppVersion, action: string, payload: object) =>
  schemas.validateInbound(version, action, 'response', structuredClone(payload) as JsonObject);

const transaction = (parts: object) => ({
  eventType: 'Started',
  timestamp: AT,
  triggerReason: 'CablePluggedIn',
  seqNo: 0,
  transactionInfo: { transactionId: 'tx' },
  ...parts,
});

const meterValues16 = (...sampledValue: object[]) => ({
  connectorId: 1,
  meterValue: [{ sampledValue, timestamp: AT }],
});

describe('messages', () => {
  it.each(['2596996162', '17', '4f7c-not-a-uuid', 'aaaaaaaa-bbbb-0ccc-dddd-eeeeeeeeeeee'])(
    'wire: message ids: %s is as good as any',
    (id) => {
      expect(parseFrame(`[2,"${id}","Heartbeat",{}]`, '1.6')).toMatchObject({
        kind: 'call',
        id,
        deviations: [],
      });
    },
  );

  it.each([
    ['[4,"c1","FormationViolation","",{}]', 'FormationViolation'],
    ['[4,"c1","FormatViolation","",{}]', 'FormatViolation'],
    ['[4,"c1","GenericError","vector::_M_range_check: __n (which is 3)",{}]', 'GenericError'],
    ['[4,"c1","",""]', 'GenericError'],
  ])('wire: error codes: %s is taken in any version', (text, code) => {
    for (const version of ['1.6', '2.0.1', '2.1'] as const)
      expect(parseFrame(text, version)).toMatchObject({ kind: 'callError', id: 'c1', code });
  });
});

describe('transactions of 2.0.1', () => {
  it('wire: KeyCode and connector 0: ocppgo says KeyCode, evse 1 and connector 0', () => {
    const { message } = heard(
      '2.0.1',
      'TransactionEvent',
      transaction({ evse: { id: 1, connectorId: 0 }, idToken: { idToken: '1234', type: 'KeyCode' } }),
    );
    expect(message).toMatchObject({
      evseNumber: 1,
      connectorNumber: null,
      idToken: { value: '1234', type: 'KeyCode' },
    });
  });

  it.each([
    ['shiv3', { id: 0, connectorId: 0 }, null],
    ['emob', { id: 2 }, 2],
  ])('wire: KeyCode and connector 0: the EVSE of %s', (_who, evse, evseNumber) => {
    expect(heard('2.0.1', 'TransactionEvent', transaction({ evse })).message).toMatchObject({
      evseNumber,
      connectorNumber: null,
    });
  });

  it('wire: bare 2.0.1: mosim names a transaction by 34 digits, with nothing to read and no EVSE at the end', () => {
    const transactionId = '0123456789abcdef0123456789abcdef01';
    const started = transaction({
      transactionInfo: { transactionId, chargingState: 'Charging' },
      idToken: { idToken: 'DEADBEEF', type: 'ISO14443' },
    });
    expect(heard('2.0.1', 'TransactionEvent', started).message).toMatchObject({
      kind: 'STARTED',
      transactionRef: transactionId,
      chargingState: 'Charging',
      readings: [],
    });
    const ended = transaction({
      eventType: 'Ended',
      seqNo: 3,
      transactionInfo: { transactionId, stoppedReason: 'Local' },
    });
    expect(heard('2.0.1', 'TransactionEvent', ended).message).toMatchObject({
      kind: 'ENDED',
      transactionRef: transactionId,
      evseNumber: null,
    });
  });

  it('wire: bare 2.0.1: mosim answers GetLocalListVersion with the field of 1.6', () => {
    const check = answered('2.0.1', 'GetLocalListVersion', { listVersion: 0 });
    expect(check).toMatchObject({ ok: true, payload: { listVersion: 0 } });
    expect(check.deviations.map(({ kind }) => kind).sort()).toEqual(['extra_property', 'missing_property']);
  });

  it('wire: signed values: OCMF of several kB comes through whole', () => {
    const signedMeterData = Buffer.from(`OCMF|${'{"FV":"1.0"}'.repeat(300)}|{"SD":"30"}`).toString('base64');
    const publicKey = Buffer.from('oca:base16:asn1:3059301306072A8648CE3D0201').toString('base64');
    const sampledValue = [
      {
        value: 1250.5,
        signedMeterValue: { signedMeterData, signingMethod: '', encodingMethod: 'OCMF', publicKey },
      },
    ];
    const meterValue = [{ timestamp: AT, sampledValue }];
    const { message } = heard('2.0.1', 'TransactionEvent', transaction({ meterValue }));
    expect(readings(message)[0]?.signed).toMatchObject({ data: signedMeterData, publicKey });
    expect(JSON.stringify(meterValue).length * 20).toBeLessThan(FRAME_LIMITS.maxLength);
  });
});

describe('values', () => {
  it('wire: mixed numbers: mosim writes "5" and "10990.00" side by side', () => {
    const { message } = heard(
      '1.6',
      'MeterValues',
      meterValues16(
        { value: '5', measurand: 'Current.Import', unit: 'A' },
        { value: '10990.00', measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
      ),
    );
    expect(readings(message).map(({ rawValue }) => rawValue)).toEqual(['5', '10990.00']);
  });

  it('wire: mixed numbers: ocppgo sends an export register and names no transaction', () => {
    const { message } = heard(
      '1.6',
      'MeterValues',
      meterValues16({ value: '7', measurand: 'Energy.Active.Export.Register', unit: 'Wh' }),
    );
    expect(message).toMatchObject({ transactionRef: null });
    expect(readings(message)[0]?.measurand).toBe('Energy.Active.Export.Register');
  });

  it('wire: mixed numbers: emob gives a voltage per phase and as a total, the time behind them', () => {
    const volt = (value: string, phase?: string) => ({
      value,
      measurand: 'Voltage',
      unit: 'V',
      ...(phase ? { phase } : {}),
    });
    const { message } = heard(
      '1.6',
      'MeterValues',
      meterValues16(volt('230'), volt('229', 'L1-N'), volt('231', 'L2-N')),
    );
    expect(readings(message).map(({ phase, measuredAt }) => [phase, measuredAt])).toEqual([
      [null, new Date(AT)],
      ['L1-N', new Date(AT)],
      ['L2-N', new Date(AT)],
    ]);
  });

  it.each([
    ['milliseconds', '2026-11-21T01:27:18.016Z', '2026-11-21T01:27:18.016Z'],
    ['whole seconds (ocppgo, openocpp)', '2026-11-21T01:27:18Z', '2026-11-21T01:27:18.000Z'],
    ['microseconds (mhocpp)', '2026-11-21T01:27:18.016789Z', '2026-11-21T01:27:18.016Z'],
  ])('wire: timestamps: %s', (_form, timestamp, instant) => {
    for (const [version, action, payload] of [
      ['1.6', 'StopTransaction', { transactionId: 7, meterStop: 1, timestamp }],
      ['2.0.1', 'TransactionEvent', transaction({ timestamp })],
    ] as const) {
      const { message, kinds } = heard(version, action, payload);
      expect(message).toMatchObject({ occurredAt: new Date(instant) });
      expect(kinds).toEqual([]);
    }
  });

  it('wire: empty strings: shiv3 and openocpp send them for what they do not have', () => {
    const { message } = heard('1.6', 'BootNotification', {
      chargePointVendor: 'V',
      chargePointModel: 'M',
      iccid: '',
      imsi: '',
      meterType: '',
    });
    expect(message).toMatchObject({ iccid: null, imsi: null, meterType: null });
  });

  it('wire: endless schedule: emob answers with a duration far beyond 32 bits and no period', () => {
    const answer = {
      status: 'Accepted',
      connectorId: 1,
      chargingSchedule: {
        duration: 8_638_204_773_341,
        chargingRateUnit: 'A',
        chargingSchedulePeriod: [],
      },
    };
    expect(answered('1.6', 'GetCompositeSchedule', answer)).toMatchObject({ ok: true, payload: answer });
  });

  it('wire: gone in mid-call: vcp accepts GetVariables without a value, unknown ones too', () => {
    const answer = {
      getVariableResult: [
        { attributeStatus: 'Accepted', component: { name: 'Nonsense' }, variable: { name: 'Unheard' } },
      ],
    };
    expect(answered('2.0.1', 'GetVariables', answer)).toMatchObject({ ok: true, deviations: [] });
  });
});
