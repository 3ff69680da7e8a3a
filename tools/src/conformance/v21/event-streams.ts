import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must } from '../judge.js';
import { result } from '../reply.js';
import { minutesAgo } from '../shared/times.js';

const VOLTAGE = { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'Voltage' } };
const MONITOR = 7;
const STREAMS =
  'eventStreams(first: 5) { edges { node { streamId monitorId variable evseNumber intervalSeconds values closedAt pending received ' +
  'latest(first: 3) { edges { node { value } } } } } }';

interface Monitored {
  readonly results: readonly { readonly monitorId: number; readonly status: string }[];
}

/** An operator sets a monitor whose values shall come as a stream. */
async function monitored(context: CaseContext): Promise<void> {
  const reply = result({
    setMonitoringResult: [
      { ...VOLTAGE, id: MONITOR, status: 'Accepted', type: 'PeriodicClockAligned', severity: 8 },
    ],
  });
  const stream = { intervalSeconds: 60, values: 10 };
  const monitor = {
    component: 'EVSE',
    evseNumber: 1,
    variable: 'Voltage',
    kind: 'PERIODIC_CLOCK_ALIGNED',
    value: 5,
    severity: 8,
    stream,
  };
  const { sent, told } = await context.exchange('SetVariableMonitoring', reply, () =>
    context.mutate<Monitored>('setVariableMonitoring', 'results { monitorId status }', {
      monitors: [monitor],
    }),
  );
  holds('the monitor', sent, {
    setMonitoringData: [{ ...VOLTAGE, periodicEventStream: { interval: 60, values: 10 } }],
  });
  equals('the results', told.results, [{ monitorId: MONITOR, status: 'Accepted' }]);
}

async function opened(context: CaseContext, id = 3): Promise<void> {
  await monitored(context);
  const params = { interval: 60, values: 10 };
  const answer = await context.call('OpenPeriodicEventStream', {
    constantStreamData: { id, variableMonitoringId: MONITOR, params },
  });
  equals('the answer', answer, { status: 'Accepted' });
}

function tell(context: CaseContext, values: readonly (readonly [number, string])[], id = 3, pending = 0) {
  const data = values.map(([t, v]) => ({ t, v }));
  return context.station.tell('NotifyPeriodicEventStream', { id, pending, basetime: minutesAgo(1), data });
}

async function showsStream(context: CaseContext, wanted: object): Promise<void> {
  await context.shows('the stream', STREAMS, { eventStreams: { edges: [{ node: wanted }] } });
}

/** Use cases N11 to N14. */
export const EVENT_STREAMS_21: readonly ConformanceCase[] = [
  {
    id: 'TC_N_103_CSMS',
    requirement: 'N11, N12',
    title: 'a stream of events is asked for with a monitor, opened, told and shown',
    run: async (context) => {
      await opened(context);
      tell(context, [
        [0, '229.8'],
        [1.5, '230.1'],
      ]);
      tell(context, [[5, '231.0']], 3, 4);
      const latest = ['231.0', '230.1', '229.8'].map((value) => ({ node: { value } }));
      await showsStream(context, {
        streamId: 3,
        monitorId: MONITOR,
        variable: 'Voltage',
        evseNumber: 1,
        closedAt: null,
        pending: 4,
        received: 3,
        latest: { edges: latest },
      });
      await context.shows('the variable', 'variables(first: 5) { edges { node { variable value } } }', {
        variables: { edges: [{ node: { variable: 'Voltage', value: '231.0' } }] },
      });
    },
  },
  {
    id: 'TC_N_104_CSMS',
    requirement: 'N12',
    title: 'the same values told twice are kept once, and none of it is answered',
    run: async (context) => {
      await opened(context);
      const basetime = minutesAgo(1);
      const frame = { id: 3, pending: 0, basetime, data: [{ t: 0, v: '1' }] };
      const ids = [1, 2].map(() => context.station.tell('NotifyPeriodicEventStream', frame));
      await context.call('Heartbeat', {});
      must(!ids.some((id) => context.station.wasAnswered(id)), 'a SEND was answered');
      await showsStream(context, { received: 2, latest: { edges: [{ node: { value: '1' } }] } });
    },
  },
  {
    id: 'TC_N_105_CSMS',
    requirement: 'N13',
    title: 'a stream that the station closes is shown as closed, and what comes in it after that is a notice',
    run: async (context) => {
      await opened(context);
      equals('the answer', await context.call('ClosePeriodicEventStream', { id: 3 }), {});
      tell(context, [[0, '1']]);
      await context.shows('the notice', 'notices(first: 1) { edges { node { action } } }', {
        notices: { edges: [{ node: { action: 'NotifyPeriodicEventStream' } }] },
      });
      const { eventStreams } = await context.part<{
        eventStreams: { edges: { node: { closedAt: string | null; received: number } }[] };
      }>(STREAMS);
      must(eventStreams.edges[0]?.node.closedAt !== null, 'it is open');
      equals('what came', eventStreams.edges[0]?.node.received, 0);
    },
  },
  {
    id: 'TC_N_106_CSMS',
    requirement: 'N14',
    title: 'what the station says is open is what is shown as open',
    run: async (context) => {
      await opened(context, 3);
      const constantStreamData = [{ id: 4, variableMonitoringId: MONITOR, params: { values: 5 } }];
      await context.exchange('GetPeriodicEventStream', result({ constantStreamData }), () =>
        context.send('GetPeriodicEventStream', {}),
      );
      await context.stationWhen<{
        eventStreams: { edges: { node: { streamId: number; closedAt: string | null } }[] };
      }>(
        'the streams as the station lists them',
        STREAMS,
        ({ eventStreams: { edges } }) =>
          edges.length === 2 && edges[0]?.node.closedAt !== null && edges[1]?.node.closedAt === null,
      );
    },
  },
  {
    id: 'TC_N_107_CSMS',
    requirement: 'N12',
    title: 'a stream is slowed down by the operator: the new pace is shown',
    run: async (context) => {
      await opened(context);
      const payload = { id: 3, params: { interval: 300 } };
      await context.commands(
        'AdjustPeriodicEventStream',
        payload,
        result({ status: 'Accepted' }),
        'ACCEPTED',
      );
      await showsStream(context, { intervalSeconds: 300, values: 10 });
    },
  },
];
