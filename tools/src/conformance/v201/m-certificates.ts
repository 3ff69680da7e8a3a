import type { JsonObject } from '@kilowatch/ocpp';
import { hashDataOf, OcspResponder, testPki } from '@kilowatch/testing/pki';
import type { ConformanceCase } from '../conformance-case.js';
import { holds, must } from '../judge.js';
import { result } from '../reply.js';
import { CERTIFICATE, HASH } from '../shared/certificates.js';
import { answeredCommands, commandCase } from '../shared/command-case.js';

const install = (id: string, certificateType: string, word?: string) =>
  answeredCommands('M05', [
    [
      id,
      `${certificateType} is installed: ${word ?? 'Accepted'}`,
      'InstallCertificate',
      { certificateType, certificate: CERTIFICATE },
      word,
    ],
  ]);

const installed = (id: string, certificateType: string): ConformanceCase =>
  commandCase({
    id,
    requirement: 'M03',
    title: `certificates of the type ${certificateType} are asked for`,
    action: 'GetInstalledCertificateIds',
    payload: { certificateType: [certificateType] },
    reply: result({
      status: 'Accepted',
      certificateHashDataChain: [{ certificateType, certificateHashData: HASH }],
    }),
    then: async (_context, told) => {
      holds('what is told', told.payload, { certificateHashDataChain: [{ certificateHashData: HASH }] });
    },
  });

const ev = (id: string, requirement: string, action: string): ConformanceCase => ({
  id,
  requirement,
  title: `a car's contract certificate (${action}) comes from the pool`,
  run: async (context) => {
    const answer = await context.call('Get15118EVCertificate', {
      iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef',
      action,
      exiRequest: 'gJgCEQ==',
    });
    holds('what is answered', answer, { status: 'Accepted' });
    const contract = Buffer.from(String(answer['exiResponse']), 'base64').toString('utf8');
    must(contract.includes('BEGIN CERTIFICATE'), 'the answer holds no contract certificate');
  },
});

const refusedEv = (id: string, requirement: string, action: string): ConformanceCase => ({
  id,
  requirement,
  title: `a car that the pool has no contract for (${action}) is answered Failed`,
  run: async (context) => {
    const answer = await context.call('Get15118EVCertificate', {
      iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef',
      action,
      exiRequest: '(no Base64)',
    });
    holds('what is answered', answer, { status: 'Failed', statusInfo: { reasonCode: 'NoContract' } });
  },
});

/** A responder of its own, which the company trusts for the time of the case. */
const statusKnown: ConformanceCase = {
  id: 'TC_M_25_CSMS',
  requirement: 'M06',
  title: 'the state of a certificate is what its responder says, unchanged',
  run: async (context) => {
    const responder = await OcspResponder.start();
    try {
      const { v2gRoot, cpoSub1, cpoSub2, station } = testPki({ ocspUrl: responder.url });
      responder.answersFor(v2gRoot, cpoSub1, cpoSub2);
      await context.trust({
        roots: v2gRoot.pem,
        intermediates: `${cpoSub1.pem}${cpoSub2.pem}`,
        origin: responder.origin,
      });
      const ocspRequestData: JsonObject = { ...hashDataOf(station, cpoSub2, responder.url) };
      const answer = await context.call('GetCertificateStatus', { ocspRequestData });
      holds('what is answered', answer, { status: 'Accepted' });
      // RFC 6960 4.2.1: a SEQUENCE that begins with responseStatus successful (ENUMERATED 0).
      const der = Buffer.from(String(answer['ocspResult']), 'base64');
      must(
        der[0] === 0x30 && der.includes(Buffer.from([0x0a, 0x01, 0x00])),
        'the result is no OCSP response',
      );
    } finally {
      await responder.close();
    }
  },
};

export const M_CERTIFICATES: readonly ConformanceCase[] = [
  ...install('TC_M_01_CSMS', 'CSMSRootCertificate'),
  ...install('TC_M_02_CSMS', 'ManufacturerRootCertificate'),
  ...install('TC_M_03_CSMS', 'V2GRootCertificate'),
  ...install('TC_M_04_CSMS', 'MORootCertificate'),
  ...install('TC_M_05_CSMS', 'CSMSRootCertificate', 'Failed'),
  ...install('TC_M_06_CSMS', 'V2GRootCertificate', 'Rejected'),
  installed('TC_M_12_CSMS', 'CSMSRootCertificate'),
  installed('TC_M_13_CSMS', 'ManufacturerRootCertificate'),
  installed('TC_M_14_CSMS', 'V2GRootCertificate'),
  installed('TC_M_15_CSMS', 'V2GCertificateChain'),
  installed('TC_M_16_CSMS', 'MORootCertificate'),
  commandCase({
    id: 'TC_M_17_CSMS',
    requirement: 'M03',
    title: 'all certificates are asked for',
    action: 'GetInstalledCertificateIds',
    payload: {},
    reply: result({
      status: 'Accepted',
      certificateHashDataChain: [
        {
          certificateType: 'V2GCertificateChain',
          certificateHashData: HASH,
          childCertificateHashData: [{ ...HASH, serialNumber: '5678' }],
        },
      ],
    }),
    then: async (_context, told) => {
      holds('what is told', told.payload, { certificateHashDataChain: [{ childCertificateHashData: [{}] }] });
    },
  }),
  commandCase({
    id: 'TC_M_18_CSMS',
    requirement: 'M03',
    title: 'there is no certificate of the type',
    action: 'GetInstalledCertificateIds',
    payload: { certificateType: ['MORootCertificate'] },
    word: 'NotFound',
  }),
  ...answeredCommands('M04', [
    ['TC_M_20_CSMS', 'a certificate is deleted', 'DeleteCertificate', { certificateHashData: HASH }],
    [
      'TC_M_21_CSMS',
      'a certificate cannot be deleted',
      'DeleteCertificate',
      { certificateHashData: HASH },
      'Failed',
    ],
    [
      'TC_M_22_CSMS',
      'a certificate to delete is not there',
      'DeleteCertificate',
      { certificateHashData: HASH },
      'NotFound',
    ],
  ]),
  {
    id: 'TC_M_24_CSMS',
    requirement: 'M06',
    title: 'the state of a certificate is asked for: answered by the schema',
    run: async (context) => {
      const ocspRequestData = { ...HASH, responderURL: 'http://ocsp.example.org' };
      const { status: word } = await context.call('GetCertificateStatus', { ocspRequestData });
      must(['Accepted', 'Failed'].includes(String(word)), 'the status is no word of the schema');
    },
  },
  ev('TC_M_26_CSMS', 'M01', 'Install'),
  refusedEv('TC_M_27_CSMS', 'M01', 'Install'),
  ev('TC_M_28_CSMS', 'M02', 'Update'),
  refusedEv('TC_M_29_CSMS', 'M02', 'Update'),
  statusKnown,
];
