import type { ConformanceCase } from '../conformance-case.js';
import { equals, must } from '../judge.js';
import { SILENCE } from '../reply.js';
import { endedWith, started, stopped, Transaction } from '../shared/steps2.js';
import { minutesAgo } from '../shared/times.js';

const stream = (id: number) => ({
  id,
  pending: 0,
  basetime: minutesAgo(1),
  data: [
    { t: 0, v: '11000' },
    { t: 1.5, v: '11020' },
  ],
});

/** SEND and CALLRESULTERROR (part 4 of 2.1). */
export const MESSAGE_LAYER_21: readonly ConformanceCase[] = [
  {
    id: 'KW_21_001_CSMS',
    requirement: 'part 4, SEND',
    title: 'a SEND is taken and not answered',
    run: async (context) => {
      const id = context.station.tell('NotifyPeriodicEventStream', stream(1));
      // Calls are answered in turn: after this one, an answer to the SEND would have come.
      await context.call('Heartbeat', {});
      must(!context.station.wasAnswered(id), 'the SEND was answered');
      await context.shows('the notice', 'notices(first: 1) { edges { node { action } } }', {
        notices: { edges: [{ node: { action: 'NotifyPeriodicEventStream' } }] },
      });
    },
  },
  {
    id: 'KW_21_002_CSMS',
    requirement: 'part 4, SEND',
    title: 'a SEND of an action that is none, or with content that breaks its schema, is not answered either',
    run: async (context) => {
      const ids = [
        context.station.tell('MakeCoffee', {}),
        context.station.tell('NotifyPeriodicEventStream', { id: 'x' }),
      ];
      await context.call('Heartbeat', {});
      equals(
        'what was answered',
        ids.map((id) => context.station.wasAnswered(id)),
        [false, false],
      );
    },
  },
  {
    id: 'KW_21_003_CSMS',
    requirement: 'part 4, SEND',
    title: 'many SENDs between the events of a transaction: nothing is lost',
    run: async (context) => {
      const transaction = await started(context);
      for (let i = 0; i < 20; i++) context.station.tell('NotifyPeriodicEventStream', stream(i));
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'KW_21_004_CSMS',
    requirement: 'part 4, SEND',
    title: 'what may only be sent is refused as a call',
    run: async (context) => {
      const answer = await context.station.askAnything('NotifyPeriodicEventStream', stream(1));
      equals('the kind of answer', answer.kind, 'error');
    },
  },
  {
    id: 'KW_21_005_CSMS',
    requirement: 'part 4, CALLRESULTERROR',
    title: 'a station that could not use our answer says so: not answered, and the connection stays',
    run: async (context) => {
      await context.station.askAnything('Heartbeat', {}, 'not-understood');
      context.station.say('[5,"not-understood","TypeConstraintViolation","no time",{}]');
      await context.call('Heartbeat', {});
      must(!context.station.wasAnswered('not-understood'), 'it was answered');
    },
  },
  {
    id: 'KW_21_006_CSMS',
    requirement: 'part 4, CALLRESULTERROR',
    title: 'the same about an event of a transaction: what was stored stays',
    run: async (context) => {
      const transaction = new Transaction(context);
      const event = transaction.event('start', {
        trigger: 'Authorized',
        minutes: 30,
        wh: 1_000,
        card: context.cards.card,
      });
      await context.station.askAnything('TransactionEvent', event, 'start-1');
      context.station.say('[5,"start-1","FormatViolation","",{}]');
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'KW_21_007_CSMS',
    requirement: 'part 4, CALLRESULTERROR',
    title: 'an answer of the station that is no object: CALLRESULTERROR, and the operator is told',
    run: async (context) => {
      const { told } = await context.exchange(
        'ClearCache',
        { kind: 'text', write: (id) => JSON.stringify([3, id, ['Accepted']]) },
        () => context.send('ClearCache', {}),
      );
      equals('the outcome', told.outcome, 'CHARGER_ERROR');
      await context.station.until('CALLRESULTERROR', () => context.station.refusedResults.length === 1);
      const [refused] = context.station.refusedResults;
      const command = await context.station.command('ClearCache');
      equals('what it says', refused, { id: command.id, code: 'FormatViolation' });
    },
  },
  {
    id: 'KW_21_008_CSMS',
    requirement: 'part 4, CALLRESULTERROR',
    title: 'an unusable answer to a question that nobody asked is left alone',
    run: async (context) => {
      context.station.say('[3,"never-asked",[1]]');
      await context.call('Heartbeat', {});
      equals('results refused', context.station.refusedResults.length, 0);
    },
  },
  {
    id: 'KW_21_009_CSMS',
    requirement: 'part 4, CALLRESULTERROR',
    title: 'a late CALLRESULTERROR of the station for an unknown message is harmless',
    run: async (context) => {
      context.station.answers('ClearCache', SILENCE);
      const waiting = context.send('ClearCache', {}, 1);
      const { id } = await context.station.command('ClearCache');
      context.station.say(JSON.stringify([5, id, 'GenericError', '', {}]));
      equals('the outcome', (await waiting).outcome, 'UNKNOWN');
      await context.call('Heartbeat', {});
    },
  },
];
