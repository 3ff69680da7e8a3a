// What an operator has a 2.1 station do: remote start and stop (F01 to F03), and one of each command that 2.1 adds.

import type { JsonObject } from '@kilowatch/ocpp';
import { minute, Recorder } from './recorder.js';
import { CARD, SyntheticTransaction } from './transaction.js';

export function commandRecorders(): Recorder[] {
  return [remoteStartAndStop(), added()];
}

function remoteStartAndStop(): Recorder {
  const recorder = new Recorder('SYN21-REMOTE').open().boot(0).status(0, 'Occupied');
  const ask = (remoteStartId: number, evseId: number): JsonObject => ({
    remoteStartId,
    evseId,
    idToken: CARD,
  });
  recorder.command('RequestStartTransaction', ask(7, 1), { status: 'Rejected' });
  recorder.command('RequestStartTransaction', ask(8, 1));
  const id = 'syn21-remote';
  const transaction = new SyntheticTransaction(recorder, id);
  transaction.start({ at: 1, trigger: 'RemoteStart', wh: 300, card: CARD, info: { remoteStartId: 8 } });
  transaction.update({ at: 2, trigger: 'ChargingStateChanged', info: { chargingState: 'Charging' } });
  recorder.command(
    'GetTransactionStatus',
    { transactionId: id },
    { ongoingIndicator: true, messagesInQueue: false },
  );
  recorder.command('TriggerMessage', { requestedMessage: 'TransactionEvent', evse: { id: 1 } });
  transaction.update({ at: 10, trigger: 'Trigger', wh: 1_300 });
  recorder.command('RequestStopTransaction', { transactionId: 'syn21-nobody' }, { status: 'Rejected' });
  recorder.command('RequestStopTransaction', { transactionId: id });
  transaction.end({ at: 20, trigger: 'RemoteStop', wh: 2_400 }, 'Remote');
  const reset = new SyntheticTransaction(recorder, 'syn21-reset');
  reset.start({ at: 30, trigger: 'Authorized', wh: 2_400, card: CARD });
  recorder.command('Reset', { type: 'Immediate' });
  reset.end({ at: 40, trigger: 'ResetCommand', wh: 3_333 }, 'ImmediateReset');
  recorder.close().open().boot(41, 'RemoteReset');
  return recorder.close();
}

const TARIFF: JsonObject = {
  tariffId: 'day-1',
  currency: 'EUR',
  energy: { prices: [{ priceKwh: 0.35 }], taxRates: [{ type: 'vat', tax: 21 }] },
};
const GRADIENT: JsonObject = { priority: 1, gradient: 10, softGradient: 5 };

const ADDED: readonly (readonly [action: string, payload: JsonObject, answer?: JsonObject])[] = [
  ['SetDefaultTariff', { evseId: 0, tariff: TARIFF }],
  ['GetTariffs', { evseId: 0 }, { status: 'NoTariff' }],
  ['ChangeTransactionTariff', { transactionId: 'syn21-none', tariff: TARIFF }, { status: 'TxNotFound' }],
  [
    'ClearTariffs',
    { tariffIds: ['day-1'] },
    { clearTariffsResult: [{ tariffId: 'day-1', status: 'Accepted' }] },
  ],
  ['SetDERControl', { isDefault: true, controlId: 'ctl-1', controlType: 'Gradients', gradient: GRADIENT }],
  ['GetDERControl', { requestId: 13 }],
  ['ClearDERControl', { isDefault: true, controlType: 'Gradients' }, { status: 'NotFound' }],
  ['UsePriorityCharging', { transactionId: 'syn21-none', activate: true }, { status: 'NoProfile' }],
  ['UpdateDynamicSchedule', { chargingProfileId: 1, scheduleUpdate: { limit: 7_000 } }],
  ['NotifyAllowedEnergyTransfer', { transactionId: 'syn21-none', allowedEnergyTransfer: ['AC_three_phase'] }],
  ['AFRRSignal', { timestamp: minute(1), signal: 42 }],
  ['RequestBatterySwap', { requestId: 11, idToken: CARD }],
  ['AdjustPeriodicEventStream', { id: 1, params: { interval: 120 } }, { status: 'Rejected' }],
  ['GetPeriodicEventStream', {}, {}],
  ['NotifyWebPaymentStarted', { evseId: 1, timeout: 300 }, {}],
];

function added(): Recorder {
  const recorder = new Recorder('SYN21-COMMANDS').open().boot(0);
  for (const [action, payload, answer] of ADDED) recorder.command(action, payload, answer);
  recorder.commandRefused(
    'UsePriorityCharging',
    { transactionId: 'syn21-x', activate: false },
    'NotSupported',
  );
  return recorder.close();
}
