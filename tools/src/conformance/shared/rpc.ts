import type { OcppVersion } from '@kilowatch/ocpp';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, must, oneOf } from '../judge.js';

/** The message layer (OCPP-J): what is answered to frames that are wrong, and that nothing is lost by them. */
export function rpcCases(version: OcppVersion): readonly ConformanceCase[] {
  const is16 = version === '1.6';
  const requirement = is16 ? '4.2 (OCPP-J)' : 'part 4, 4';
  const formation = is16 ? 'FormationViolation' : 'FormatViolation';
  const occurrence = is16 ? 'OccurenceConstraintViolation' : 'OccurrenceConstraintViolation';
  const wrong = (
    id: string,
    title: string,
    action: string,
    payload: unknown,
    codes: readonly string[],
  ): ConformanceCase => ({
    id: `KW_RPC_${id}`,
    requirement,
    title,
    run: async (context) => {
      const answer = await context.station.askAnything(action, payload);
      must(answer.kind === 'error', 'it was answered as if it were right');
      oneOf('the code', answer.code, codes);
      equals('the heartbeat after it', Object.keys(await context.call('Heartbeat', {})), ['currentTime']);
    },
  });
  return [
    wrong('01', 'an action that no version knows: NotImplemented', 'MakeCoffee', {}, ['NotImplemented']),
    wrong(
      '02',
      'an action that only the central system starts: NotSupported',
      'Reset',
      { type: is16 ? 'Soft' : 'OnIdle' },
      ['NotSupported'],
    ),
    wrong('03', 'a field that must be there is missing', 'StatusNotification', { status: 'Available' }, [
      occurrence,
      formation,
    ]),
    wrong('04', 'a field of the wrong type', 'Authorize', is16 ? { idTag: { a: 1 } } : { idToken: 7 }, [
      'TypeConstraintViolation',
    ]),
    wrong('05', 'content that is no object', 'Heartbeat', [1], [formation]),
    {
      id: `KW_RPC_06`,
      requirement,
      title: 'text that is no JSON: answered if its id can be read, and the connection stays',
      run: async (context) => {
        const answer = await context.station.write('[2,"broken-1","Heartbeat",{', 'broken-1');
        equals('the code', answer.kind === 'error' && answer.code, formation);
        await context.call('Heartbeat', {});
      },
    },
    {
      id: `KW_RPC_07`,
      requirement,
      title: 'an answer to a question that nobody asked is harmless',
      run: async (context) => {
        context.station.say('[3,"never-asked",{}]');
        context.station.say('[4,"-1","GenericError","?",{}]');
        await context.call('Heartbeat', {});
      },
    },
    {
      id: `KW_RPC_08`,
      requirement,
      title: is16
        ? 'a message type that does not exist is ignored'
        : 'a message type that does not exist: MessageTypeNotSupported',
      run: async (context) => {
        if (is16) context.station.say('[9,"odd-1",{}]');
        else {
          const answer = await context.station.write('[9,"odd-1",{}]', 'odd-1');
          equals('the code', answer.kind === 'error' && answer.code, 'MessageTypeNotSupported');
        }
        await context.call('Heartbeat', {});
      },
    },
    {
      id: `KW_RPC_09`,
      requirement,
      title: 'calls are answered by their ids, in the order they came, when a station does not wait',
      run: async (context) => {
        const order: string[] = [];
        await Promise.all(
          ['one', 'two', 'three'].map((id) =>
            context.station.askAnything('Heartbeat', {}, id).then((answer) => order.push(answer.id)),
          ),
        );
        equals('the order', order, ['one', 'two', 'three']);
      },
    },
    {
      id: `KW_RPC_10`,
      requirement,
      title: 'the newest connection owns the station: the older one is closed',
      run: async (context) => {
        const older = context.station;
        await context.connect();
        await older.end();
        await context.call('Heartbeat', {});
        await context.shows('the station', 'online', { online: true });
      },
    },
    {
      id: `KW_RPC_11`,
      requirement,
      title: 'more fields than the schema has are forgiven, without an error',
      run: async (context) => {
        const answer = await context.station.askAnything('Heartbeat', { mood: 'good' });
        equals('the answer', answer.kind, 'result');
      },
    },
  ];
}
