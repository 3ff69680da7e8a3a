import type { JsonObject } from '@kilowatch/ocpp';
import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds } from '../judge.js';
import { ACCEPTED, result } from '../reply.js';
import { answeredCommands, commandCase, orderedCommands } from '../shared/command-case.js';
import { numberOf, started } from '../shared/steps2.js';

const shown = (
  id: string,
  requirement: string,
  title: string,
  input: Record<string, unknown>,
  frame: JsonObject,
): ConformanceCase =>
  commandCase({
    id,
    requirement,
    title,
    action: 'SetDisplayMessage',
    order: ['setDisplayMessage', { content: 'Welcome', ...input }],
    frame: { message: frame },
    then: async (context) => {
      await context.shows('the message', 'displayMessages { content }', {
        displayMessages: [{ content: 'Welcome' }],
      });
    },
  });

const refused = (id: string, word: string): ConformanceCase =>
  commandCase({
    id,
    requirement: 'O01',
    title: `the station does not show a message: ${word}`,
    action: 'SetDisplayMessage',
    order: ['setDisplayMessage', { content: 'Welcome' }],
    frame: { message: { message: { content: 'Welcome' } } },
    word,
    then: async (context) => {
      equals('what is shown', await context.part('displayMessages { content }'), { displayMessages: [] });
    },
  });

async function tellMessages(context: CaseContext, requestId: number): Promise<void> {
  for (const [page, id] of [11, 12].entries()) {
    const answer = await context.call('NotifyDisplayMessages', {
      requestId,
      tbc: page === 0,
      messageInfo: [{ id, priority: 'NormalCycle', message: { format: 'UTF8', content: `text ${id}` } }],
    });
    equals('the answer', answer, {});
  }
}

export const O_DISPLAY: readonly ConformanceCase[] = [
  shown(
    'TC_O_01_CSMS',
    'O01',
    'a message is shown',
    {},
    { priority: 'NormalCycle', message: { format: 'UTF8', content: 'Welcome' } },
  ),
  shown('TC_O_02_CSMS', 'O01', 'always in front', { priority: 'AlwaysFront' }, { priority: 'AlwaysFront' }),
  shown(
    'TC_O_06_CSMS',
    'O01',
    'only while charging',
    { state: 'Charging', priority: 'InFront' },
    { state: 'Charging', priority: 'InFront' },
  ),
  shown(
    'TC_O_07_CSMS',
    'O01',
    'from one time to another',
    { startsAt: '2026-03-01T00:00:00Z', endsAt: '2027-03-01T00:00:00Z' },
    { startDateTime: '2026-03-01T00:00:00.000Z', endDateTime: '2027-03-01T00:00:00.000Z' },
  ),
  shown('TC_O_08_CSMS', 'O01', 'in a language', { language: 'nl' }, { message: { language: 'nl' } }),
  shown('TC_O_09_CSMS', 'O06', 'in place of the one with its number', { number: 9 }, { id: 9 }),
  {
    id: 'TC_O_10_CSMS',
    requirement: 'O02',
    title: 'for a transaction',
    run: async (context) => {
      const { id: transactionId } = await started(context);
      const { sent, told } = await context.exchange('SetDisplayMessage', ACCEPTED, () =>
        context.order('setDisplayMessage', { content: 'Half full', transactionId }),
      );
      holds('SetDisplayMessage', sent, { message: { transactionId } });
      equals('the outcome', told.outcome, 'ACCEPTED');
    },
  },
  refused('TC_O_11_CSMS', 'UnknownTransaction'),
  refused('TC_O_12_CSMS', 'NotSupportedPriority'),
  refused('TC_O_13_CSMS', 'NotSupportedState'),
  refused('TC_O_14_CSMS', 'NotSupportedMessageFormat'),
  refused('TC_O_17_CSMS', 'Rejected'),
  {
    id: 'TC_O_03_CSMS',
    requirement: 'O03',
    title: 'all messages are asked for, come in pages, and are shown',
    run: async (context) => {
      const { sent } = await context.exchange('GetDisplayMessages', ACCEPTED, () =>
        context.order('refreshDisplayMessages'),
      );
      await tellMessages(context, numberOf(sent));
      await context.shows('the messages', 'displayMessages { number content }', {
        displayMessages: [
          { number: 11, content: 'text 11' },
          { number: 12, content: 'text 12' },
        ],
      });
    },
  },
  ...answeredCommands('O03, O04', [
    ['TC_O_04_CSMS', 'there are no messages', 'GetDisplayMessages', { requestId: 4 }, 'Unknown'],
    [
      'TC_O_18_CSMS',
      'messages are asked for by their ids',
      'GetDisplayMessages',
      { requestId: 18, id: [11, 12] },
    ],
    [
      'TC_O_19_CSMS',
      'messages are asked for by priority and state',
      'GetDisplayMessages',
      { requestId: 19, priority: 'InFront', state: 'Charging' },
    ],
  ]),
  ...orderedCommands('O05', [
    [
      'TC_O_05_CSMS',
      'a message is cleared',
      'clearDisplayMessage',
      { number: 5 },
      'ClearDisplayMessage',
      { id: 5 },
    ],
    [
      'TC_O_20_CSMS',
      'a message to clear is not there',
      'clearDisplayMessage',
      { number: 20 },
      'ClearDisplayMessage',
      { id: 20 },
      'Unknown',
    ],
  ]),
];

export const P_DATA_TRANSFER: readonly ConformanceCase[] = [
  commandCase({
    id: 'TC_P_01_CSMS',
    requirement: 'P01',
    title: 'data transfer to the station: its answer reaches the operator',
    action: 'DataTransfer',
    payload: { vendorId: 'org.example', messageId: 'Ping', data: { deep: [1, 2, 3] } },
    reply: result({ status: 'Accepted', data: { pong: true } }),
    then: async (_context, told) => {
      equals('the data', told.payload?.['data'], { pong: true });
    },
  }),
  ...answeredCommands('P01', [
    [
      'TC_P_02_CSMS',
      'the station does not know the vendor',
      'DataTransfer',
      { vendorId: 'org.example' },
      'UnknownVendorId',
    ],
    [
      'TC_P_02_2_CSMS',
      'the station does not know the message',
      'DataTransfer',
      { vendorId: 'org.example', messageId: 'X' },
      'UnknownMessageId',
    ],
    [
      'TC_P_02_3_CSMS',
      'the station rejects the data',
      'DataTransfer',
      { vendorId: 'org.example' },
      'Rejected',
    ],
  ]),
  {
    id: 'TC_P_03_CSMS',
    requirement: 'P02',
    title: 'data transfer of an unknown vendor to the CSMS: UnknownVendorId, and kept to be read',
    run: async (context) => {
      const answer = await context.call('DataTransfer', { vendorId: 'org.example', data: { a: 1 } });
      equals('the answer', answer, { status: 'UnknownVendorId' });
      await context.shows('the notice', 'notices(first: 1) { edges { node { vendorId content } } }', {
        notices: { edges: [{ node: { vendorId: 'org.example', content: '{"a":1}' } }] },
      });
    },
  },
  {
    id: 'TC_P_04_CSMS',
    requirement: 'P02',
    title: 'custom data in an ordinary message does no harm',
    run: async (context) => {
      const answer = await context.call('Heartbeat', {
        customData: { vendorId: 'org.example', anything: { deep: true } },
      });
      equals('the answer', Object.keys(answer), ['currentTime']);
    },
  },
];
