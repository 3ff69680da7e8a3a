import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must } from '../judge.js';
import { ACCEPTED, result } from '../reply.js';
import { CERTIFICATE, CSR } from '../shared/certificates.js';
import { answeredCommands, commandCase } from '../shared/command-case.js';
import { certificateLifeCase, upgradeCase } from '../shared/certificate-life.js';
import { basicAuthCases } from '../shared/door.js';
import { signingCase } from '../shared/signing.js';
import { tlsCases } from '../shared/tls.js';

const PASSWORD = 'a-password-nobody-shall-see';

const password = {
  setVariableData: [
    {
      component: { name: 'SecurityCtrlr' },
      variable: { name: 'BasicAuthPassword' },
      attributeValue: PASSWORD,
    },
  ],
};

const passwordCase = (id: string, title: string, attributeStatus: string): ConformanceCase =>
  commandCase({
    id,
    requirement: 'A01',
    title,
    action: 'SetVariables',
    payload: password,
    reply: result({
      setVariableResult: [
        {
          attributeStatus,
          component: { name: 'SecurityCtrlr' },
          variable: { name: 'BasicAuthPassword' },
        },
      ],
    }),
    outcome: attributeStatus === 'Accepted' ? 'ACCEPTED' : 'REJECTED',
    word: attributeStatus,
    then: async (context) => {
      const seen = await context.part('commands(first: 5) { edges { node { action payload } } }');
      must(!JSON.stringify(seen).includes(PASSWORD), 'the password is shown among the commands');
    },
  });

const event = (id: string, type: string, critical: boolean): ConformanceCase => ({
  id,
  requirement: 'A04',
  title: `${type} is ${critical ? 'shown as critical' : 'shown'}`,
  run: async (context) => {
    const timestamp = new Date().toISOString();
    const answer = await context.call('SecurityEventNotification', { type, timestamp, techInfo: 'test' });
    equals('the answer', answer, {});
    await context.shows('the event', 'securityEvents(first: 1) { edges { node { kind critical } } }', {
      securityEvents: { edges: [{ node: { kind: type, critical } }] },
    });
  },
});

const request = (id: string, certificateType: string, title: string): ConformanceCase => ({
  id,
  requirement: 'A02, A03',
  title,
  run: async (context) => {
    const answer = await context.call('SignCertificate', { csr: CSR, certificateType });
    must(['Accepted', 'Rejected'].includes(String(answer['status'])), 'the status is no word of the schema');
  },
});

export const A_SECURITY: readonly ConformanceCase[] = [
  ...basicAuthCases('A00', [
    'TC_A_01_CSMS',
    'TC_A_02_CSMS',
    'TC_A_03_CSMS',
    'TC_A_03_2_CSMS',
    'TC_A_09_2_CSMS',
  ]),
  ...tlsCases('A00', [
    'TC_A_04_CSMS',
    'TC_A_05_CSMS',
    'TC_A_06_CSMS',
    'TC_A_07_CSMS',
    'TC_A_08_CSMS',
    'TC_A_08_2_CSMS',
    'TC_A_08_3_CSMS',
  ]),
  passwordCase('TC_A_09_CSMS', 'the station is given another password, which nobody is shown', 'Accepted'),
  passwordCase('TC_A_10_CSMS', 'the station rejects another password', 'Rejected'),
  commandCase({
    id: 'TC_A_11_CSMS',
    requirement: 'A02',
    title: 'the station is asked to request its certificate',
    action: 'TriggerMessage',
    order: ['triggerMessage', { requestedMessage: 'SignChargingStationCertificate' }],
    frame: { requestedMessage: 'SignChargingStationCertificate' },
  }),
  request(
    'TC_A_11_2_CSMS',
    'ChargingStationCertificate',
    'a request for the station’s certificate is answered',
  ),
  request('TC_A_12_CSMS', 'V2GCertificate', 'a request for a certificate towards cars is answered'),
  signingCase('TC_A_13_CSMS', 'A02, A03'),
  certificateLifeCase('KW_201_A01_CSMS', 'A00, A02'),
  upgradeCase('KW_201_A02_CSMS', 'A05'),
  ...answeredCommands('A02', [
    [
      'TC_A_14_CSMS',
      'the station takes a signed certificate',
      'CertificateSigned',
      { certificateChain: CERTIFICATE, certificateType: 'ChargingStationCertificate' },
    ],
    [
      'TC_A_15_CSMS',
      'the station rejects a signed certificate',
      'CertificateSigned',
      { certificateChain: CERTIFICATE },
      'Rejected',
    ],
  ]),
  {
    id: 'TC_A_19_CSMS',
    requirement: 'A05',
    title: 'a higher security profile: network profile, then its priority',
    run: async (context) => {
      const profile = {
        configurationSlot: 2,
        connectionData: {
          ocppVersion: 'OCPP20',
          ocppTransport: 'JSON',
          ocppCsmsUrl: 'wss://ocpp.example.org/ocpp',
          messageTimeout: 30,
          securityProfile: 2,
          ocppInterface: 'Wired0',
        },
      };
      await context.commands('SetNetworkProfile', profile, ACCEPTED, 'ACCEPTED');
      const place = {
        component: { name: 'OCPPCommCtrlr' },
        variable: { name: 'NetworkConfigurationPriority' },
      };
      const { told } = await context.exchange(
        'SetVariables',
        result({ setVariableResult: [{ attributeStatus: 'RebootRequired', ...place }] }),
        () => context.send('SetVariables', { setVariableData: [{ ...place, attributeValue: '2,1' }] }),
      );
      holds('what is told', told, { outcome: 'ACCEPTED', status: 'RebootRequired' });
    },
  },
  event('TC_A_21_CSMS', 'TamperDetectionActivated', true),
  event('TC_A_22_CSMS', 'InvalidCsmsCertificate', true),
  event('TC_A_23_CSMS', 'FailedToAuthenticateAtCsms', false),
];
