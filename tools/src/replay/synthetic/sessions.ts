// Sessions with every reason that 2.1 has for an event and for an end, and several EVSEs at once (use cases E01 to E17).

import type { JsonObject } from '@kilowatch/ocpp';
import { minute, Recorder } from './recorder.js';
import { CARD, register, SyntheticTransaction } from './transaction.js';

/** What a transaction may begin with, by the transaction start points of E01. */
const STARTS: readonly string[] = [
  'CablePluggedIn',
  'Authorized',
  'EVDetected',
  'RemoteStart',
  'SignedDataReceived',
  'ChargingStateChanged',
];

/** What is told while it runs, with what comes with it. */
const UPDATES: readonly (readonly [trigger: string, info?: JsonObject])[] = [
  ['Authorized'],
  ['CablePluggedIn', { chargingState: 'EVConnected' }],
  ['ChargingStateChanged', { chargingState: 'Charging' }],
  ['ChargingRateChanged'],
  ['LimitSet', { transactionLimit: { maxEnergy: 90_000 } }],
  ['MeterValueClock'],
  ['MeterValuePeriodic'],
  ['OperationModeChanged', { operationMode: 'ChargingOnly' }],
  ['RunningCost'],
  ['TariffChanged', { tariffId: 'day-1' }],
  ['Trigger'],
  ['TxResumed'],
  ['ChargingStateChanged', { chargingState: 'SuspendedEV' }],
  ['ChargingStateChanged', { chargingState: 'SuspendedEVSE' }],
];

/** What it may end for: the event's reason and the transaction's. */
const ENDS: readonly (readonly [trigger: string, stoppedReason: string])[] = [
  ['StopAuthorized', 'Local'],
  ['StopAuthorized', 'MasterPass'],
  ['RemoteStop', 'Remote'],
  ['Deauthorized', 'DeAuthorized'],
  ['Deauthorized', 'LocalOutOfCredit'],
  ['EVDeparted', 'EVDisconnected'],
  ['EVCommunicationLost', 'EVDisconnected'],
  ['EVConnectTimeout', 'Timeout'],
  ['EnergyLimitReached', 'EnergyLimitReached'],
  ['TimeLimitReached', 'TimeLimitReached'],
  ['CostLimitReached', 'LocalOutOfCredit'],
  ['SoCLimitReached', 'SOCLimitReached'],
  ['ChargingStateChanged', 'StoppedByEV'],
  ['AbnormalCondition', 'EmergencyStop'],
  ['AbnormalCondition', 'GroundFault'],
  ['AbnormalCondition', 'OvercurrentFault'],
  ['AbnormalCondition', 'PowerLoss'],
  ['AbnormalCondition', 'PowerQuality'],
  ['AbnormalCondition', 'ReqEnergyTransferRejected'],
  ['ResetCommand', 'ImmediateReset'],
  ['ResetCommand', 'Reboot'],
  ['UnlockCommand', 'Other'],
  ['TariffNotAccepted', 'Other'],
];

const MINUTES_EACH = 20;

export function sessionRecorders(): Recorder[] {
  return [everyTrigger(), severalEvses(), beginsAtThePlug()];
}

/** One session for each way to end; ways to begin and to go on take turns. */
function everyTrigger(): Recorder {
  const recorder = new Recorder('SYN21-TRIGGERS').open().boot(0).status(0, 'Available');
  let wh = 10_000;
  let updates = 0;
  ENDS.forEach(([trigger, stoppedReason], index) => {
    const at = index * MINUTES_EACH + 1;
    const transaction = new SyntheticTransaction(recorder, `syn21-trigger-${index}`);
    transaction.start({
      at,
      trigger: STARTS[index % STARTS.length]!,
      wh,
      card: CARD,
      info: { chargingState: 'EVConnected' },
    });
    for (const step of [1, 2]) {
      const [updated, info] = UPDATES[updates++ % UPDATES.length]!;
      transaction.update({
        at: at + step * 5,
        trigger: updated,
        wh: wh + step * 700 + index,
        info: info ?? {},
      });
    }
    wh += 2_100 + index;
    transaction.end({ at: at + 15, trigger, wh, info: { chargingState: 'Idle' } }, stoppedReason);
  });
  return recorder.close();
}

/** Three at once; one of them tells its readings beside the transaction, by EVSE (J01). */
function severalEvses(): Recorder {
  const recorder = new Recorder('SYN21-EVSES').open().boot(0);
  const evses = [1, 2, 3];
  evses.forEach((evse) => recorder.status(0, 'Occupied', evse));
  const transactions = evses.map((evse) => new SyntheticTransaction(recorder, `syn21-evse-${evse}`, evse));
  const wh = (evse: number, at: number) => evse * 100_000 + at * 100 * evse;
  transactions.forEach((transaction, index) =>
    transaction.start({ at: 1 + index, trigger: 'Authorized', wh: wh(index + 1, 1 + index), card: CARD }),
  );
  for (const at of [10, 20, 30]) {
    for (const evse of [3, 1])
      transactions[evse - 1]!.update({
        at: at + evse,
        trigger: 'MeterValuePeriodic',
        wh: wh(evse, at + evse),
      });
    recorder.call('MeterValues', { evseId: 2, meterValue: [register(wh(2, at), at, 'Sample.Periodic')] });
  }
  for (const evse of [2, 3, 1])
    transactions[evse - 1]!.end(
      { at: 40 + evse, trigger: 'EVDeparted', wh: wh(evse, 40 + evse) },
      'EVDisconnected',
    );
  return recorder.close();
}

/** The cable first, the card second, the end told again under another message id (E02, quirk Q28). */
function beginsAtThePlug(): Recorder {
  const recorder = new Recorder('SYN21-PLUG').open().boot(0).status(1, 'Occupied');
  const transaction = new SyntheticTransaction(recorder, 'syn21-plug');
  transaction.start({ at: 1, trigger: 'CablePluggedIn', wh: 5_000, info: { chargingState: 'EVConnected' } });
  recorder.call('Authorize', { idToken: CARD }, { idTokenInfo: { status: 'Accepted' } });
  transaction.update({ at: 2, trigger: 'Authorized', card: CARD });
  transaction.update({ at: 3, trigger: 'ChargingStateChanged', info: { chargingState: 'Charging' } });
  transaction.update({
    at: 18,
    trigger: 'MeterValuePeriodic',
    wh: 8_000,
    over: { numberOfPhasesUsed: 3, cableMaxCurrent: 32, evseSleep: false, preconditioningStatus: 'Ready' },
  });
  const end = transaction.event('Ended', {
    at: 33,
    trigger: 'EVDeparted',
    wh: 11_500,
    info: { stoppedReason: 'EVDisconnected', chargingState: 'Idle', timeSpentCharging: 1_800 },
  });
  transaction.tell(end);
  transaction.tell(end);
  recorder.status(34, 'Available');
  recorder.call('Heartbeat', {}, { currentTime: minute(35) });
  return recorder.close();
}
