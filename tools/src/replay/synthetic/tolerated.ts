// A station that leaves the specification where its meaning stays certain (docs/ocpp-notes.md rule 8): each way is recorded by kind,
// and no watt-hour is lost by it.

import type { JsonObject } from '@kilowatch/ocpp';
import { minute, Recorder } from './recorder.js';
import { CARD, register, SyntheticTransaction } from './transaction.js';

/** Kinds of deviations of its frames, in the order of the alphabet. */
export const TOLERATED: readonly string[] = [
  'empty_for_absent',
  'enum_spelling',
  'extra_property',
  'missing_property',
  'null_for_absent',
  'number_for_string',
  'over_long',
  'payload_null',
  'string_for_boolean',
  'string_for_number',
  'timestamp_form',
  'unknown_enum',
];

export function toleratedRecorders(): Recorder[] {
  const recorder = new Recorder('SYN21-TOLERATED', { deviations: TOLERATED }).open();
  recorder.call(
    'BootNotification',
    {
      reason: 'powerup',
      chargingStation: {
        vendorName: 'Kilowatch',
        model: 'A model name of more than twenty letters',
        color: 'green',
      },
    },
    { currentTime: minute(0), interval: 300, status: 'Accepted' },
  );
  recorder.call('Heartbeat', null as unknown as JsonObject, { currentTime: minute(0) });
  const transaction = new SyntheticTransaction(recorder, 'syn21-tolerated');
  transaction.start({
    at: 1,
    trigger: 'Authorized',
    wh: 1_000,
    card: CARD,
    over: { seqNo: '0', offline: 'false' },
  });
  transaction.update({ at: 6, trigger: 'SomethingOfOurOwn', wh: 1_500, over: { numberOfPhasesUsed: null } });
  const spoiled: JsonObject = {
    ...register(0, 11, 'Sample.Periodic'),
    timestamp: minute(11).replace('Z', ''),
  };
  const samples = [
    { value: '2000.5', measurand: 'Energy.Active.Import.Register' },
    { value: 16, measurand: 'Current.Phase9' },
  ];
  transaction.update({
    at: 11,
    trigger: 'MeterValuePeriodic',
    over: { meterValue: [{ ...spoiled, sampledValue: samples }] },
  });
  const { triggerReason: _lacks, ...ended } = transaction.event('Ended', {
    at: 16,
    trigger: 'StopAuthorized',
    wh: 2_500,
    info: { stoppedReason: 'Local', timeSpentCharging: '' },
    over: { vendorNote: 12 },
  });
  transaction.tell(ended);
  recorder.call('LogStatusNotification', { status: 'Idle', statusInfo: { reasonCode: 7 } });
  return [recorder.close()];
}
