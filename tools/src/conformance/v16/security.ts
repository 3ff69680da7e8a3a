import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must } from '../judge.js';
import { ACCEPTED, result, status } from '../reply.js';
import { commandCase } from '../shared/command-case.js';
import { certificateLifeCase, upgradeCase } from '../shared/certificate-life.js';
import { basicAuthCases, subprotocolCases } from '../shared/door.js';
import { signingCase } from '../shared/signing.js';
import { tlsCases } from '../shared/tls.js';
import { CERTIFICATE, CSR, HASH, SIGNATURE } from '../shared/certificates.js';

const event = (id: string, type: string, title: string, critical: boolean): ConformanceCase => ({
  id,
  requirement: 'SEC A04',
  title,
  run: async (context) => {
    const timestamp = new Date().toISOString();
    const answer = await context.call('SecurityEventNotification', { type, timestamp, techInfo: 'test' });
    equals('the answer', answer, {});
    await context.shows(
      'the event',
      'securityEvents(first: 1) { edges { node { kind critical techInfo } } }',
      {
        securityEvents: { edges: [{ node: { kind: type, critical, techInfo: 'test' } }] },
      },
    );
  },
});

async function signedUpdate(context: CaseContext, word: string): Promise<{ requestId: number }> {
  const { sent } = await context.exchange('SignedUpdateFirmware', status(word), () =>
    context.mutate('updateFirmware', 'result { outcome }', {
      location: 'https://firmware.example.org/signed.bin',
      signingCertificate: CERTIFICATE,
      signature: SIGNATURE,
    }),
  );
  holds('SignedUpdateFirmware', sent, {
    firmware: { signingCertificate: CERTIFICATE, signature: SIGNATURE },
  });
  return sent as { requestId: number };
}

const signed = (id: string, title: string, words: readonly string[], end: string): ConformanceCase => ({
  id,
  requirement: 'SEC L01',
  title,
  run: async (context) => {
    const { requestId } = await signedUpdate(context, 'Accepted');
    for (const word of words)
      equals(word, await context.call('SignedFirmwareStatusNotification', { requestId, status: word }), {});
    await context.shows('the update', 'firmwareUpdates(first: 1) { edges { node { status signed } } }', {
      firmwareUpdates: { edges: [{ node: { status: end, signed: true } }] },
    });
  },
});

const securityLog = (id: string, title: string, words: readonly string[], end: string): ConformanceCase => ({
  id,
  requirement: 'SEC N01',
  title,
  run: async (context) => {
    const { sent } = await context.exchange(
      'GetLog',
      result({ status: 'Accepted', filename: 'security.log' }),
      () => context.mutate('requestLog', 'log { id }', { kind: 'SECURITY' }),
    );
    holds('GetLog', sent, { logType: 'SecurityLog' });
    const { requestId } = sent;
    for (const word of words)
      equals(word, await context.call('LogStatusNotification', { requestId, status: word }), {});
    await context.shows('the log', 'logs(first: 1) { edges { node { status kind } } }', {
      logs: { edges: [{ node: { status: end, kind: 'SECURITY' } }] },
    });
  },
});

const install = (id: string, certificateType: string, word: string, title: string): ConformanceCase =>
  commandCase({
    id,
    requirement: 'SEC M05',
    title,
    action: 'InstallCertificate',
    payload: { certificateType, certificate: CERTIFICATE },
    word,
  });

export const SECURITY: readonly ConformanceCase[] = [
  {
    id: 'TC_073_CSMS',
    requirement: 'SEC A01',
    title: 'the station is given another password: AuthorizationKey is written, and not shown to anybody',
    securityProfile: 1,
    run: async (context) => {
      const payload = { key: 'AuthorizationKey', value: '4f43415f4f4354545f61646d696e5f74657374' };
      await context.commands('ChangeConfiguration', payload, ACCEPTED, 'ACCEPTED');
      const { commands } = await context.part<{ commands: { edges: { node: unknown }[] } }>(
        'commands(first: 5) { edges { node { action payload } } }',
      );
      must(!JSON.stringify(commands).includes(payload.value), 'the key is shown among the commands');
    },
  },
  signingCase('TC_074_CSMS', 'SEC A02'),
  certificateLifeCase('KW_16_051_CSMS', 'SEC A00, A02'),
  upgradeCase('KW_16_052_CSMS', 'SEC A05'),
  commandCase({
    id: 'TC_074_2_CSMS',
    requirement: 'SEC A02, A03',
    title: 'the station is asked to request a certificate; its request is answered by the schema',
    action: 'ExtendedTriggerMessage',
    order: ['triggerMessage', { requestedMessage: 'SignChargePointCertificate' }],
    frame: { requestedMessage: 'SignChargePointCertificate' },
    then: async (context) => {
      await context.call('SignCertificate', { csr: CSR });
    },
  }),
  commandCase({
    id: 'TC_074_3_CSMS',
    requirement: 'SEC A02',
    title: 'a signed certificate is given to the station',
    action: 'CertificateSigned',
    payload: { certificateChain: CERTIFICATE },
    word: 'Accepted',
  }),
  commandCase({
    id: 'TC_074_4_CSMS',
    requirement: 'SEC A02',
    title: 'the station rejects a signed certificate',
    action: 'CertificateSigned',
    payload: { certificateChain: CERTIFICATE },
    word: 'Rejected',
  }),
  install('TC_075_1_CSMS', 'ManufacturerRootCertificate', 'Accepted', 'the manufacturer’s root is installed'),
  install(
    'TC_075_2_CSMS',
    'CentralSystemRootCertificate',
    'Accepted',
    'the central system’s root is installed',
  ),
  install('TC_075_3_CSMS', 'CentralSystemRootCertificate', 'Failed', 'the installation of a root fails'),
  commandCase({
    id: 'TC_075_4_CSMS',
    requirement: 'SEC M03',
    title: 'the installed certificates are asked for',
    action: 'GetInstalledCertificateIds',
    payload: { certificateType: 'CentralSystemRootCertificate' },
    reply: result({ status: 'Accepted', certificateHashData: [HASH] }),
    then: async (_context, told) => {
      holds('what is told', told.payload, { certificateHashData: [HASH] });
    },
  }),
  ...(
    [
      ['TC_076_1_CSMS', 'Accepted', 'a certificate is deleted'],
      ['TC_076_2_CSMS', 'NotFound', 'a certificate to delete is not there'],
      ['TC_076_3_CSMS', 'Failed', 'a certificate cannot be deleted'],
    ] as const
  ).map(([id, word, title]) =>
    commandCase({
      id,
      requirement: 'SEC M04',
      title,
      action: 'DeleteCertificate',
      payload: { certificateHashData: HASH },
      word,
    }),
  ),
  event(
    'TC_077_CSMS',
    'InvalidChargePointCertificate',
    'the station’s new certificate is not valid: its event is shown',
    true,
  ),
  event(
    'TC_078_CSMS',
    'InvalidCentralSystemCertificate',
    'the central system’s certificate is not valid: its event is shown',
    true,
  ),
  event('KW_16_050_CSMS', 'InvalidMessages', 'an event that is not critical is shown as such', false),
  securityLog(
    'TC_079_CSMS',
    'the security log is asked for and uploaded',
    ['Uploading', 'Uploaded'],
    'UPLOADED',
  ),
  securityLog(
    'TC_079_2_CSMS',
    'the upload of the security log fails',
    ['Uploading', 'UploadFailure'],
    'FAILED',
  ),
  signed(
    'TC_080_CSMS',
    'signed firmware is downloaded, verified and installed',
    ['Downloading', 'Downloaded', 'SignatureVerified', 'Installing', 'InstallRebooting', 'Installed'],
    'INSTALLED',
  ),
  signed(
    'TC_081_CSMS',
    'signed firmware whose signature is not valid',
    ['Downloading', 'Downloaded', 'InvalidSignature'],
    'INVALID_SIGNATURE',
  ),
  {
    id: 'TC_081_2_CSMS',
    requirement: 'SEC L01',
    title: 'the station finds the signing certificate invalid',
    run: async (context) => {
      await signedUpdate(context, 'InvalidCertificate');
      await context.shows('the update', 'firmwareUpdates(first: 1) { edges { node { status } } }', {
        firmwareUpdates: { edges: [{ node: { status: 'REFUSED' } }] },
      });
    },
  },
  commandCase({
    id: 'TC_083_CSMS',
    requirement: 'SEC A05',
    title: 'the station is told to use a higher security profile',
    action: 'ChangeConfiguration',
    payload: { key: 'SecurityProfile', value: '2' },
    word: 'Accepted',
  }),
  commandCase({
    id: 'TC_084_CSMS',
    requirement: 'SEC A05',
    title: 'the station rejects another security profile',
    action: 'ChangeConfiguration',
    payload: { key: 'SecurityProfile', value: '3' },
    word: 'Rejected',
  }),
  ...basicAuthCases('SEC 4.2', [
    'TC_085_1_CSMS',
    'TC_085_2_CSMS',
    'TC_085_3_CSMS',
    'TC_085_4_CSMS',
    'TC_073_2_CSMS',
  ]),
  ...tlsCases('SEC 4.3, 4.4', [
    'TC_086_CSMS',
    'TC_086_2_CSMS',
    'TC_086_3_CSMS',
    'TC_087_CSMS',
    'TC_087_2_CSMS',
    'TC_087_3_CSMS',
    'TC_087_4_CSMS',
  ]),
  ...subprotocolCases('3.1.2 (OCPP-J)', ['TC_088_CSMS', 'TC_088_2_CSMS', 'TC_088_3_CSMS']),
];
