import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must } from '../judge.js';
import { ACCEPTED, status } from '../reply.js';
import { CERTIFICATE, SIGNATURE } from '../shared/certificates.js';
import { answeredCommands } from '../shared/command-case.js';
import { numberOf } from '../shared/steps2.js';

const LOCATION = 'https://firmware.example.org/fw-2.bin';
const SIGNING = { signingCertificate: CERTIFICATE, signature: SIGNATURE };

const shown = (context: CaseContext, end: string) =>
  context.shows(`firmware ${end}`, 'firmwareUpdates(first: 1) { edges { node { status } } }', {
    firmwareUpdates: { edges: [{ node: { status: end } }] },
  });

async function updated(context: CaseContext, input: Record<string, unknown>, word = 'Accepted') {
  const { sent, told } = await context.exchange('UpdateFirmware', status(word), () =>
    context.mutate<{ result: { outcome: string; status: string } }>(
      'updateFirmware',
      'result { outcome status }',
      { location: LOCATION, ...input },
    ),
  );
  holds('UpdateFirmware', sent, { firmware: { location: LOCATION } });
  must(numberOf(sent) > 0, 'requestId is not above 0');
  return { sent, told };
}

const update = (
  id: string,
  title: string,
  words: readonly string[],
  end: string,
  input: Record<string, unknown> = SIGNING,
): ConformanceCase => ({
  id,
  requirement: 'signature' in input ? 'L01' : 'L02',
  title,
  run: async (context) => {
    const { sent } = await updated(context, input);
    if ('signature' in input) holds('the signature', sent['firmware'], SIGNING);
    const requestId = numberOf(sent);
    for (const word of words)
      equals(word, await context.call('FirmwareStatusNotification', { status: word, requestId }), {});
    await shown(context, end);
  },
});

const refused = (id: string, word: string, title: string): ConformanceCase => ({
  id,
  requirement: 'L01',
  title,
  run: async (context) => {
    const { told } = await updated(context, SIGNING, word);
    holds('what is told', told.result, { outcome: 'REJECTED', status: word });
    await shown(context, 'REFUSED');
  },
});

const DOWNLOAD = ['Downloading', 'Downloaded'];
const VERIFIED = [...DOWNLOAD, 'SignatureVerified'];
const CHECKSUM = 'a'.repeat(32);

export const L_FIRMWARE: readonly ConformanceCase[] = [
  update(
    'TC_L_01_CSMS',
    'signed firmware is downloaded, verified and installed',
    [...VERIFIED, 'Installing', 'InstallRebooting', 'Installed'],
    'INSTALLED',
  ),
  update(
    'TC_L_02_CSMS',
    'the installation is put off',
    [...VERIFIED, 'InstallScheduled'],
    'INSTALL_SCHEDULED',
    { ...SIGNING, installAt: '2027-03-01T03:00:00Z' },
  ),
  update('TC_L_03_CSMS', 'the download is put off', ['DownloadScheduled'], 'DOWNLOAD_SCHEDULED', {
    ...SIGNING,
    retrieveAt: '2027-03-01T03:00:00Z',
  }),
  update(
    'TC_L_04_CSMS',
    'the download pauses and goes on',
    ['Downloading', 'DownloadPaused', 'Downloading', 'Downloaded'],
    'DOWNLOADED',
  ),
  refused('TC_L_05_CSMS', 'InvalidCertificate', 'the signing certificate is not valid'),
  refused('TC_L_05_2_CSMS', 'RevokedCertificate', 'the signing certificate is revoked'),
  refused('TC_L_05_3_CSMS', 'Rejected', 'the station rejects an update'),
  update(
    'TC_L_06_CSMS',
    'the signature is not valid',
    [...DOWNLOAD, 'InvalidSignature'],
    'INVALID_SIGNATURE',
  ),
  update('TC_L_07_CSMS', 'the download fails', ['Downloading', 'DownloadFailed'], 'DOWNLOAD_FAILED'),
  update(
    'TC_L_08_CSMS',
    'the verification of the installation fails',
    [...VERIFIED, 'Installing', 'InstallVerificationFailed'],
    'INSTALL_VERIFICATION_FAILED',
  ),
  update(
    'TC_L_10_CSMS',
    'the installation fails',
    [...VERIFIED, 'Installing', 'InstallationFailed'],
    'INSTALLATION_FAILED',
  ),
  update(
    'TC_L_11_CSMS',
    'firmware without a signature',
    [...DOWNLOAD, 'Installing', 'Installed'],
    'INSTALLED',
    {},
  ),
  {
    id: 'TC_L_13_CSMS',
    requirement: 'L01',
    title: 'a newer update takes the place of one under way',
    run: async (context) => {
      await updated(context, {});
      await updated(context, {}, 'AcceptedCanceled');
      await context.shows('both updates', 'firmwareUpdates(first: 2) { edges { node { status } } }', {
        firmwareUpdates: { edges: [{ node: { status: 'ACCEPTED' } }, { node: { status: 'SUPERSEDED' } }] },
      });
    },
  },
  {
    id: 'TC_L_14_CSMS',
    requirement: 'L01',
    title: 'retries and their interval are passed on',
    run: async (context) => {
      const { sent } = await updated(context, { retries: 3, retryIntervalSeconds: 60 });
      holds('UpdateFirmware', sent, { retries: 3, retryInterval: 60 });
    },
  },
  ...answeredCommands('L03', [
    [
      'TC_L_15_CSMS',
      'firmware is published by a local controller',
      'PublishFirmware',
      { location: LOCATION, checksum: CHECKSUM, requestId: 15 },
    ],
    [
      'TC_L_16_CSMS',
      'the controller rejects to publish',
      'PublishFirmware',
      { location: LOCATION, checksum: CHECKSUM, requestId: 16 },
      'Rejected',
    ],
  ]),
  ...(
    [
      [
        'TC_L_17_CSMS',
        'published: told step by step',
        ['Downloading', 'Downloaded', 'ChecksumVerified'],
        'Published',
      ],
      ['TC_L_17_2_CSMS', 'the checksum is wrong', ['Downloading', 'Downloaded'], 'InvalidChecksum'],
      [
        'TC_L_17_3_CSMS',
        'it cannot be published',
        ['Downloading', 'Downloaded', 'ChecksumVerified'],
        'PublishFailed',
      ],
    ] as const
  ).map(([id, title, words, end]): ConformanceCase => ({
    id,
    requirement: 'L03',
    title,
    run: async (context) => {
      const payload = { location: LOCATION, checksum: CHECKSUM, requestId: 17 };
      await context.commands('PublishFirmware', payload, ACCEPTED, 'ACCEPTED');
      for (const word of [...words, end]) {
        const where = word === 'Published' ? { location: ['http://10.0.0.1/fw'] } : {};
        const told = { status: word, requestId: 17, ...where };
        equals(word, await context.call('PublishFirmwareStatusNotification', told), {});
      }
    },
  })),
  ...answeredCommands('L04', [
    [
      'TC_L_18_CSMS',
      'firmware is no longer published',
      'UnpublishFirmware',
      { checksum: CHECKSUM },
      'Unpublished',
    ],
    ['TC_L_19_CSMS', 'there is no such firmware', 'UnpublishFirmware', { checksum: CHECKSUM }, 'NoFirmware'],
    [
      'TC_L_20_CSMS',
      'somebody still downloads it',
      'UnpublishFirmware',
      { checksum: CHECKSUM },
      'DownloadOngoing',
    ],
  ]),
];
