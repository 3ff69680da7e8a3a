// What is told late: a queue after an absence, and events whose numbers are not in their order (E04, E12; quirks Q31, Q32).

import { Recorder } from './recorder.js';
import { CARD, SyntheticTransaction } from './transaction.js';

const OFFLINE = { offline: true };

export function offlineRecorders(): Recorder[] {
  return [queueAfterAbsence(), powerCut(), outOfOrder()];
}

/** It vanishes in mid-session; the rest of it and a whole other session come when it is back. */
function queueAfterAbsence(): Recorder {
  const recorder = new Recorder('SYN21-OFFLINE').open().boot(0).status(1, 'Occupied');
  const cut = new SyntheticTransaction(recorder, 'syn21-cut');
  cut.start({ at: 1, trigger: 'Authorized', wh: 1_000, card: CARD, info: { chargingState: 'Charging' } });
  cut.update({ at: 11, trigger: 'MeterValuePeriodic', wh: 2_000 });
  recorder.close(1006).open();
  for (const at of [21, 31, 41])
    cut.update({ at, trigger: 'MeterValuePeriodic', wh: at * 100, over: OFFLINE });
  cut.end({ at: 46, trigger: 'EVDeparted', wh: 4_600, over: OFFLINE }, 'EVDisconnected');
  const unseen = new SyntheticTransaction(recorder, 'syn21-unseen');
  unseen.start({ at: 60, trigger: 'Authorized', wh: 4_600, card: CARD, over: OFFLINE });
  for (const at of [70, 80]) unseen.update({ at, trigger: 'MeterValueClock', wh: at * 100, over: OFFLINE });
  unseen.end({ at: 90, trigger: 'StopAuthorized', wh: 9_250, card: CARD, over: OFFLINE });
  recorder.status(2_880, 'Available');
  return recorder.close();
}

/** The power fails twice: the transaction is resumed, then ends with the second failure (E17). */
function powerCut(): Recorder {
  const recorder = new Recorder('SYN21-POWER').open().boot(0);
  const transaction = new SyntheticTransaction(recorder, 'syn21-resumed');
  transaction.start({ at: 1, trigger: 'Authorized', wh: 0, card: CARD, info: { chargingState: 'Charging' } });
  recorder.close(1006).open().boot(6);
  transaction.update({ at: 7, trigger: 'TxResumed', wh: 400, info: { chargingState: 'Charging' } });
  recorder.close(1006).open().boot(30);
  transaction.end({ at: 21, trigger: 'AbnormalCondition', wh: 2_345, over: OFFLINE }, 'PowerLoss');
  return recorder.close();
}

/** Updates after the end, the end before the beginning, a number that never comes, an event that comes twice. */
function outOfOrder(): Recorder {
  const recorder = new Recorder('SYN21-ORDER').open().boot(0);
  const events = (name: string, from: number, wh: number) => {
    const transaction = new SyntheticTransaction(recorder, `syn21-${name}`);
    const started = transaction.event('Started', { at: from, trigger: 'Authorized', wh, card: CARD });
    const first = transaction.event('Updated', { at: from + 5, trigger: 'MeterValuePeriodic', wh: wh + 500 });
    const second = transaction.event('Updated', {
      at: from + 10,
      trigger: 'MeterValuePeriodic',
      wh: wh + 900,
    });
    const info = { stoppedReason: 'Local' };
    const ended = transaction.event('Ended', {
      at: from + 15,
      trigger: 'StopAuthorized',
      wh: wh + 1_750,
      info,
    });
    return { transaction, started, first, second, ended };
  };
  const late = events('late-updates', 1, 1_000);
  [late.started, late.ended, late.second, late.first].forEach((event) => late.transaction.tell(event));
  const turned = events('end-first', 30, 3_000);
  [turned.ended, turned.second, turned.started, turned.first].forEach((event) =>
    turned.transaction.tell(event),
  );
  const twice = events('twice', 60, 6_000);
  const { started, first, second, ended } = twice;
  [started, first, started, second, first, ended, ended].forEach((event) => twice.transaction.tell(event));
  const gap = new SyntheticTransaction(recorder, 'syn21-gap');
  gap.start({ at: 90, trigger: 'Authorized', wh: 9_000, card: CARD });
  gap.skip();
  gap.skip();
  gap.end({ at: 100, trigger: 'StopAuthorized', wh: 9_999 });
  return recorder.close();
}
