import type { ConformanceCase } from '../conformance-case.js';
import { equals } from '../judge.js';
import { cardStatus, endedWith, Transaction } from '../shared/steps2.js';

/** The specification forbids it (E01.FR.07: a transaction id is unique); stations do it all the same. */
export const E_REUSED_IDS: readonly ConformanceCase[] = [
  {
    id: 'KW_E_001_CSMS',
    requirement: 'E01, E07',
    title:
      'a transaction id that is used again once its transaction has ended: two sessions, each with its own energy',
    run: async (context) => {
      const [first, second] = [new Transaction(context), new Transaction(context)];
      const { card } = context.cards;
      await first.start({ trigger: 'Authorized', state: 'Charging', minutes: 60, wh: 1_000, card });
      await first.end({
        trigger: 'StopAuthorized',
        minutes: 40,
        wh: 6_000,
        info: { stoppedReason: 'Local' },
      });
      const answer = await second.start({ trigger: 'Authorized', state: 'Charging', wh: 6_000, card });
      equals('the card', cardStatus(answer), 'Accepted');
      await second.update({ trigger: 'MeterValuePeriodic', wh: 7_000 });
      await second.end({ trigger: 'StopAuthorized', wh: 9_000, info: { stoppedReason: 'Local' } });
      await endedWith(context, first, 5_000, 'Local');
      await endedWith(context, second, 3_000, 'Local');
      equals('the sessions', (await context.sessions()).length, 2);
    },
  },
  {
    id: 'KW_E_002_CSMS',
    requirement: 'E01',
    title:
      'a transaction id that is used again before its transaction has ended: the first ends where the second begins',
    run: async (context) => {
      const [first, second] = [new Transaction(context), new Transaction(context)];
      const { card } = context.cards;
      const start = first.event('start', {
        trigger: 'Authorized',
        state: 'Charging',
        minutes: 60,
        wh: 1_000,
        card,
      });
      await context.call('TransactionEvent', start);
      await first.update({ trigger: 'ChargingStateChanged', state: 'SuspendedEV', minutes: 50, wh: 5_000 });
      // A repeat of the start is no other one.
      await context.call('TransactionEvent', start);
      const answer = await second.start({ trigger: 'Authorized', state: 'Charging', wh: 5_000, card });
      equals('the card', cardStatus(answer), 'Accepted');
      await second.end({ trigger: 'StopAuthorized', wh: 7_000, info: { stoppedReason: 'Local' } });
      await endedWith(context, second, 2_000, 'Local');
      const closed = await context.session(first.id, ({ stopReason }) => stopReason !== 'Local', 'closed');
      equals('why it was closed', closed.stopReason, 'SupersededByNewTransaction');
      equals('the sessions', (await context.sessions()).length, 2);
    },
  },
];
