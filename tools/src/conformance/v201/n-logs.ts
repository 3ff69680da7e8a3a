import type { JsonObject } from '@kilowatch/ocpp';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds } from '../judge.js';
import { ACCEPTED, result } from '../reply.js';
import { answeredCommands } from '../shared/command-case.js';
import { numberOf } from '../shared/steps2.js';

const log = (
  id: string,
  title: string,
  kind: 'DIAGNOSTICS' | 'SECURITY',
  words: readonly string[],
  end: string,
): ConformanceCase => ({
  id,
  requirement: 'N01',
  title,
  run: async (context) => {
    const { sent } = await context.exchange(
      'GetLog',
      result({ status: 'Accepted', filename: 'log.gz' }),
      () => context.mutate('requestLog', 'log { id }', { kind, oldest: '2026-03-01T00:00:00Z' }),
    );
    holds('GetLog', sent, {
      logType: kind === 'SECURITY' ? 'SecurityLog' : 'DiagnosticsLog',
      log: { oldestTimestamp: '2026-03-01T00:00:00.000Z' },
    });
    for (const status of words) {
      const answer = await context.call('LogStatusNotification', { status, requestId: numberOf(sent) });
      equals(status, answer, {});
    }
    await context.shows('the log', 'logs(first: 1) { edges { node { status kind } } }', {
      logs: { edges: [{ node: { status: end, kind } }] },
    });
  },
});

const customer = (
  id: string,
  requirement: string,
  title: string,
  asks: { report: boolean; clear: boolean },
  who: Record<string, unknown>,
  frame: JsonObject,
): ConformanceCase => ({
  id,
  requirement,
  title,
  run: async (context) => {
    const { sent } = await context.exchange('CustomerInformation', ACCEPTED, () =>
      context.mutate('requestCustomerInformation', 'result { outcome }', { ...asks, ...who }),
    );
    holds('CustomerInformation', sent, { ...asks, ...frame });
    for (const seqNo of [0, 1]) {
      const answer = await context.call('NotifyCustomerInformation', {
        requestId: numberOf(sent),
        generatedAt: new Date().toISOString(),
        seqNo,
        tbc: seqNo === 0,
        data: `part ${seqNo};`,
      });
      equals('the answer', answer, {});
    }
    await context.shows(
      'what it told',
      'customerInformation(first: 1) { edges { node { complete data } } }',
      {
        customerInformation: { edges: [{ node: { complete: true, data: 'part 0;part 1;' } }] },
      },
    );
  },
});

const TOKEN = { idToken: { value: 'A1B2C3D4', type: 'ISO14443' } };

export const N_LOGS: readonly ConformanceCase[] = [
  log(
    'TC_N_25_CSMS',
    'diagnostics are asked for and uploaded',
    'DIAGNOSTICS',
    ['Uploading', 'Uploaded'],
    'UPLOADED',
  ),
  log('TC_N_26_CSMS', 'the upload fails', 'DIAGNOSTICS', ['Uploading', 'UploadFailure'], 'FAILED'),
  log(
    'TC_N_35_CSMS',
    'the security log is asked for and uploaded',
    'SECURITY',
    ['Uploading', 'Uploaded'],
    'UPLOADED',
  ),
  log('TC_N_36_CSMS', 'the station may not upload there', 'DIAGNOSTICS', ['PermissionDenied'], 'FAILED'),
  log(
    'TC_N_34_CSMS',
    'an upload gives way to a newer one',
    'DIAGNOSTICS',
    ['Uploading', 'AcceptedCanceled'],
    'CANCELLED',
  ),
  ...answeredCommands('N01', [
    [
      'TC_N_37_CSMS',
      'the station rejects to send a log',
      'GetLog',
      { requestId: 37, logType: 'DiagnosticsLog', log: { remoteLocation: 'https://logs.example.org/' } },
      'Rejected',
    ],
  ]),
  customer('TC_N_27_CSMS', 'N09', 'what a station knows of a card', { report: true, clear: false }, TOKEN, {
    idToken: { idToken: 'A1B2C3D4', type: 'ISO14443' },
  }),
  customer(
    'TC_N_28_CSMS',
    'N09',
    'what a station knows of a customer',
    { report: true, clear: false },
    { customerIdentifier: 'customer-28' },
    { customerIdentifier: 'customer-28' },
  ),
  customer(
    'TC_N_30_CSMS',
    'N10',
    'what it knows is told and forgotten',
    { report: true, clear: true },
    TOKEN,
    {},
  ),
  ...answeredCommands('N09, N10', [
    [
      'TC_N_31_CSMS',
      'forgotten without a report',
      'CustomerInformation',
      { requestId: 31, report: false, clear: true, customerIdentifier: 'x' },
    ],
    [
      'TC_N_32_CSMS',
      'the station finds the question invalid',
      'CustomerInformation',
      { requestId: 32, report: false, clear: false },
      'Invalid',
    ],
    [
      'TC_N_33_CSMS',
      'the station rejects the question',
      'CustomerInformation',
      { requestId: 33, report: true, clear: false, customerIdentifier: 'x' },
      'Rejected',
    ],
  ]),
];
