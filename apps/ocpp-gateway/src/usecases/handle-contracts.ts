import type {
  CertificateStatusMessage,
  ChainStatusAnswer,
  ChainStatusMessage,
  ContractCertificateMessage,
  OcppVersion,
} from '@kilowatch/ocpp';
import { callOptions, type Handler, type HandlerPorts, type StationCall } from './station-call.js';

/** What a field of 2.0.1 holds; 2.1 has room for more. In 1.6 these are messages of 2.0.1 inside DataTransfer. */
const LONGEST = { exiResponse: 5600, ocspResult: 5500 };
const tooLong = (version: OcppVersion, field: keyof typeof LONGEST, text: string) =>
  version !== '2.1' && text.length > LONGEST[field];
const TOO_LONG = { code: 'TooLargeElement', text: 'The answer is longer than this version of OCPP can say.' };

/** A car without (or with an old) contract certificate: the pool answers, and nobody between reads it (M01, M02). */
export const handleContractCertificate: Handler<ContractCertificateMessage> = async (
  ports,
  call,
  message,
) => {
  const answer = await ports.contracts.getContractCertificate(
    {
      stationId: call.station.stationId,
      schemaVersion: message.schemaVersion,
      update: message.action === 'Update',
      exiRequest: message.exiRequest,
      maxChains: message.maxChains ?? undefined,
      prioritisedEmaids: message.prioritisedEmaids,
    },
    callOptions(call),
  );
  const remaining = call.station.version === '2.1' ? (answer.remaining ?? null) : null;
  const { exiResponse, reasonCode } = answer;
  if (tooLong(call.station.version, 'exiResponse', exiResponse))
    return { type: 'contractCertificate', accepted: false, exiResponse: '', remaining, reason: TOO_LONG };
  const reason = reasonCode === '' ? null : { code: reasonCode, text: answer.reason };
  return { type: 'contractCertificate', accepted: answer.accepted, exiResponse, remaining, reason };
};

/** For the station to staple: the responder's word, unchanged (M06). */
export const handleCertificateStatus: Handler<CertificateStatusMessage> = async (ports, call, { hash }) => {
  const request = { stationId: call.station.stationId, hash };
  const answer = await ports.contracts.getCertificateStatus(request, callOptions(call));
  const ocspResult = Buffer.from(answer.ocspResponse).toString('base64');
  if (tooLong(call.station.version, 'ocspResult', ocspResult))
    return { type: 'certificateStatus', ocspResult: null, reason: TOO_LONG };
  if (ocspResult !== '') return { type: 'certificateStatus', ocspResult, reason: null };
  return {
    type: 'certificateStatus',
    ocspResult: null,
    reason: { code: answer.reasonCode || 'Unspecified', text: answer.reason },
  };
};

/** Of a car's own certificate (ISO 15118-20): good, revoked, or nobody knows (2.1 M07). */
export const handleChainStatus: Handler<ChainStatusMessage> = async (ports, call, message) => {
  const words = await chainWords(ports, call, message);
  return {
    type: 'chainStatus',
    certificates: message.certificates.map(({ hash, source }, index) => {
      const word = words[index];
      const status = STATUSES.find((one) => one === word?.status) ?? 'Failed';
      return { hash, source, status, nextUpdate: word?.nextUpdate ?? call.receivedAt };
    }),
  };
};

const STATUSES: readonly ChainStatusAnswer['certificates'][number]['status'][] = [
  'Good',
  'Revoked',
  'Unknown',
  'Failed',
];

async function chainWords(ports: HandlerPorts, call: StationCall, { certificates }: ChainStatusMessage) {
  const request = {
    stationId: call.station.stationId,
    certificates: certificates.map(({ hash, source, urls }) => ({
      hash: { ...hash, responderUrl: '' },
      byCrl: source === 'CRL',
      urls,
    })),
  };
  return (await ports.contracts.getChainStatus(request, callOptions(call))).certificates;
}
