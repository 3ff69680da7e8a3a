import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must } from '../judge.js';
import { result } from '../reply.js';

const LOCATION = 'https://firmware.example.org/fw-2.bin';

async function updated(context: CaseContext): Promise<void> {
  const { sent } = await context.exchange('UpdateFirmware', result({}), () =>
    context.mutate('updateFirmware', 'result { outcome } firmwareUpdate { status }', {
      location: LOCATION,
      retries: 2,
      retryIntervalSeconds: 30,
    }),
  );
  holds('UpdateFirmware', sent, { location: LOCATION, retries: 2, retryInterval: 30 });
  must(!Number.isNaN(Date.parse(String(sent['retrieveDate']))), 'retrieveDate is no time');
}

const told = async (context: CaseContext, words: readonly string[]) => {
  for (const status of words)
    equals(status, await context.call('FirmwareStatusNotification', { status }), {});
};

const shown = (context: CaseContext, status: string) =>
  context.shows(`firmware ${status}`, 'firmwareUpdates(first: 1) { edges { node { status } } }', {
    firmwareUpdates: { edges: [{ node: { status } }] },
  });

const update = (id: string, title: string, words: readonly string[], end: string): ConformanceCase => ({
  id,
  requirement: '5.19, 4.5',
  title,
  run: async (context) => {
    await updated(context);
    await told(context, words);
    await shown(context, end);
  },
});

const LOG_REQUESTED = 'result { outcome } log { id status }';

const diagnostics = (id: string, title: string, word: string, end: string): ConformanceCase => ({
  id,
  requirement: '5.9, 4.4',
  title,
  run: async (context) => {
    const { sent } = await context.exchange('GetDiagnostics', result({ fileName: 'diagnostics.zip' }), () =>
      context.mutate('requestLog', LOG_REQUESTED, {
        kind: 'DIAGNOSTICS',
        oldest: '2026-03-01T00:00:00Z',
        latest: '2026-03-02T00:00:00Z',
      }),
    );
    holds('GetDiagnostics', sent, {
      startTime: '2026-03-01T00:00:00.000Z',
      stopTime: '2026-03-02T00:00:00.000Z',
    });
    must(/^(https?|ftps?):/.test(String(sent['location'])), `the location is ${String(sent['location'])}`);
    await context.call('DiagnosticsStatusNotification', { status: 'Uploading' });
    await context.call('DiagnosticsStatusNotification', { status: word });
    await context.shows(`log ${end}`, 'logs(first: 1) { edges { node { status } } }', {
      logs: { edges: [{ node: { status: end } }] },
    });
  },
});

export const FIRMWARE: readonly ConformanceCase[] = [
  update(
    'TC_044_1_CSMS',
    'firmware is downloaded and installed',
    ['Downloading', 'Downloaded', 'Installing', 'Installed'],
    'INSTALLED',
  ),
  update(
    'TC_044_2_CSMS',
    'the download of firmware fails',
    ['Downloading', 'DownloadFailed'],
    'DOWNLOAD_FAILED',
  ),
  update(
    'TC_044_3_CSMS',
    'the installation of firmware fails',
    ['Downloading', 'Downloaded', 'Installing', 'InstallationFailed'],
    'INSTALLATION_FAILED',
  ),
  {
    id: 'KW_16_040_CSMS',
    requirement: '5.19',
    title: 'firmware that reboots the station in between: the state goes on after the boot',
    run: async (context) => {
      await updated(context);
      await told(context, ['Downloading', 'Downloaded', 'Installing']);
      context.station.vanish();
      await context.connect();
      await context.boot({ firmwareVersion: 'fw-2' });
      await told(context, ['Installed']);
      await shown(context, 'INSTALLED');
      await context.shows('the version', 'firmwareVersion', { firmwareVersion: 'fw-2' });
    },
  },
  diagnostics('TC_045_1_CSMS', 'diagnostics are asked for and uploaded', 'Uploaded', 'UPLOADED'),
  diagnostics('TC_045_2_CSMS', 'the upload of diagnostics fails', 'UploadFailed', 'FAILED'),
  {
    id: 'KW_16_041_CSMS',
    requirement: '5.9',
    title: 'a station without diagnostics answers without a file',
    run: async (context) => {
      const { told } = await context.exchange('GetDiagnostics', result({}), () =>
        context.mutate<{ result: { outcome: string } }>('requestLog', LOG_REQUESTED, { kind: 'DIAGNOSTICS' }),
      );
      equals('the outcome', told.result.outcome, 'ACCEPTED');
    },
  },
  {
    id: 'KW_16_042_CSMS',
    requirement: '4.5',
    title: 'firmware news that nobody asked for is acknowledged',
    run: (context) => told(context, ['Idle']),
  },
];
