import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds } from '../judge.js';
import { ACCEPTED, result, status } from '../reply.js';
import { commandCase } from '../shared/command-case.js';
import { reportStatus, startAccepted } from '../shared/steps16.js';

const change = (key: string, value: string) => ({ key, value });

const availability = (
  id: string,
  title: string,
  operative: boolean,
  evseNumber: number | undefined,
  word: string,
): ConformanceCase =>
  commandCase({
    id,
    requirement: '5.2',
    title,
    action: 'ChangeAvailability',
    order: ['changeAvailability', { operative, ...(evseNumber ? { evseNumber } : {}) }],
    frame: { connectorId: evseNumber ?? 0, type: operative ? 'Operative' : 'Inoperative' },
    word,
    then: async (context) => {
      if (word !== 'Accepted') return;
      await reportStatus(context, operative ? 'Available' : 'Unavailable');
      await context.connectorShows(operative ? 'AVAILABLE' : 'UNAVAILABLE');
    },
  });

export const CORE_CONFIGURATION: readonly ConformanceCase[] = [
  commandCase({
    id: 'TC_019_1_CSMS',
    requirement: '5.8',
    title: 'all configuration keys are asked for, and shown as settings',
    action: 'GetConfiguration',
    order: ['refreshStationSettings', {}],
    reply: result({
      configurationKey: [
        { key: 'HeartbeatInterval', readonly: false, value: '300' },
        { key: 'NumberOfConnectors', readonly: true, value: '2' },
      ],
    }),
    then: async (context, _told, sent) => {
      equals('GetConfiguration', sent, {});
      await context.shows(
        'the settings',
        'settings(first: 5, search: "NumberOfConnectors") { edges { node { variable value access } } }',
        {
          settings: {
            edges: [{ node: { variable: 'NumberOfConnectors', value: '2', access: 'READ_ONLY' } }],
          },
        },
      );
    },
  }),
  commandCase({
    id: 'TC_019_2_CSMS',
    requirement: '5.8',
    title: 'one configuration key is asked for',
    action: 'GetConfiguration',
    payload: { key: ['SupportedFeatureProfiles'] },
    reply: result({
      configurationKey: [{ key: 'SupportedFeatureProfiles', readonly: true, value: 'Core,RemoteTrigger' }],
    }),
    then: async (context, told) => {
      holds('what is told', told.payload, { configurationKey: [{ value: 'Core,RemoteTrigger' }] });
      await context.shows('the profiles', 'capabilities { featureProfiles }', {
        capabilities: { featureProfiles: ['Core', 'RemoteTrigger'] },
      });
    },
  }),
  commandCase({
    id: 'KW_16_011_CSMS',
    requirement: '5.8',
    title: 'a key that the station does not know comes back as unknown',
    action: 'GetConfiguration',
    payload: { key: ['NoSuchKey'] },
    reply: result({ unknownKey: ['NoSuchKey'] }),
    then: async (_context, told) => {
      equals('what is told', told.payload, { unknownKey: ['NoSuchKey'] });
    },
  }),
  commandCase({
    id: 'TC_021_CSMS',
    requirement: '5.3',
    title: 'a configuration key is changed',
    action: 'ChangeConfiguration',
    payload: change('MeterValueSampleInterval', '45'),
    word: 'Accepted',
  }),
  {
    id: 'KW_16_012_CSMS',
    requirement: '5.3',
    title: 'a setting that an operator wants is written, and shown as in step',
    run: async (context) => {
      const { sent } = await context.exchange('ChangeConfiguration', ACCEPTED, () =>
        context.mutate('setStationSettings', 'settings { variable }', {
          settings: [{ name: 'ConnectionTimeOut', value: '90' }],
        }),
      );
      equals('ChangeConfiguration', sent, change('ConnectionTimeOut', '90'));
      await context.shows(
        'the setting',
        'settings(first: 1, search: "ConnectionTimeOut") { edges { node { wanted { value outcome } } } }',
        { settings: { edges: [{ node: { wanted: { value: '90', outcome: 'ACCEPTED' } } }] } },
      );
    },
  },
  commandCase({
    id: 'KW_16_013_CSMS',
    requirement: '5.3',
    title: 'a key that needs a reboot is told as such, and counts as done',
    action: 'ChangeConfiguration',
    payload: change('WebSocketPingInterval', '20'),
    word: 'RebootRequired',
  }),
  commandCase({
    id: 'TC_040_1_CSMS',
    requirement: '5.3',
    title: 'a key that the station does not support',
    action: 'ChangeConfiguration',
    payload: change('ExampleConfiguration', '1'),
    word: 'NotSupported',
  }),
  commandCase({
    id: 'TC_040_2_CSMS',
    requirement: '5.3',
    title: 'a value that the station does not take',
    action: 'ChangeConfiguration',
    payload: change('MeterValueSampleInterval', '-1'),
    word: 'Rejected',
  }),
  commandCase({
    id: 'TC_061_CSMS',
    requirement: '5.4',
    title: 'the authorisation cache is cleared',
    action: 'ClearCache',
    word: 'Accepted',
  }),
  commandCase({
    id: 'KW_16_014_CSMS',
    requirement: '5.4',
    title: 'a station without a cache rejects to clear it',
    action: 'ClearCache',
    word: 'Rejected',
  }),
  availability('TC_022_1_CSMS', 'a connector is taken out of service', false, 1, 'Accepted'),
  availability('TC_022_2_CSMS', 'a connector is put into service', true, 1, 'Accepted'),
  availability('TC_022_3_CSMS', 'the station is taken out of service', false, undefined, 'Accepted'),
  availability('TC_022_4_CSMS', 'the station is put into service', true, undefined, 'Accepted'),
  availability('TC_022_5_CSMS', 'the station refuses to change its availability', false, 1, 'Rejected'),
  {
    id: 'TC_022_6_CSMS',
    requirement: '5.2',
    title: 'out of service during a session: scheduled, which is success, and the session goes on',
    run: async (context) => {
      await startAccepted(context);
      const { told } = await context.exchange('ChangeAvailability', status('Scheduled'), () =>
        context.order('changeAvailability', { operative: false, evseNumber: 1 }),
      );
      holds('what is told', told, { outcome: 'ACCEPTED', status: 'Scheduled' });
      equals('the state', (await context.sessions())[0]?.state, 'ACTIVE');
    },
  },
  commandCase({
    id: 'TC_062_CSMS',
    requirement: '5.6',
    title: 'data transfer to the station: its answer reaches the operator',
    action: 'DataTransfer',
    payload: { vendorId: 'org.example', messageId: 'Ping', data: 'hello' },
    reply: result({ status: 'Accepted', data: 'world' }),
    then: async (_context, told) => {
      equals('the data', told.payload?.['data'], 'world');
    },
  }),
  commandCase({
    id: 'TC_062_2_CSMS',
    requirement: '5.6',
    title: 'data transfer of a vendor that the station does not know',
    action: 'DataTransfer',
    payload: { vendorId: 'org.example' },
    word: 'UnknownVendorId',
  }),
  {
    id: 'TC_064_CSMS',
    requirement: '4.3',
    title: 'data transfer of an unknown vendor to the central system: UnknownVendorId, and kept to be read',
    run: async (context) => {
      const answer = await context.call('DataTransfer', { vendorId: 'org.example', data: 'x' });
      equals('the answer', answer, { status: 'UnknownVendorId' });
      await context.shows('the notice', 'notices(first: 1) { edges { node { vendorId content } } }', {
        notices: { edges: [{ node: { vendorId: 'org.example', content: 'x' } }] },
      });
    },
  },
];
