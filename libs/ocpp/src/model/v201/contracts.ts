// OCPP 2.x M01, M02, M06 and (2.1) M07 -> messages, and their answers.

import { child, children, int32, text, type JsonObject } from '../../json.js';
import { wireTime } from '../../wire-time.js';
import type { StatusReason } from '../charger-answer.js';
import type {
  CertificateStatusAnswer,
  CertificateStatusMessage,
  ChainStatusAnswer,
  ChainStatusMessage,
  ContractCertificateAnswer,
  ContractCertificateMessage,
} from '../contract-messages.js';

export function contractCertificate(payload: JsonObject): ContractCertificateMessage {
  const emaids = payload['prioritizedEMAIDs'];
  return {
    type: 'contractCertificate',
    schemaVersion: text(payload, 'iso15118SchemaVersion') ?? '',
    action: text(payload, 'action') === 'Update' ? 'Update' : 'Install',
    exiRequest: text(payload, 'exiRequest') ?? '',
    maxChains: int32(payload, 'maximumContractCertificateChains'),
    prioritisedEmaids: Array.isArray(emaids) ? emaids.filter((one) => typeof one === 'string') : [],
  };
}

export function certificateStatus(payload: JsonObject): CertificateStatusMessage {
  const data = child(payload, 'ocspRequestData') ?? {};
  return {
    type: 'certificateStatus',
    hash: { ...hashOf(data), responderUrl: text(data, 'responderURL') ?? '' },
  };
}

export function chainStatus(payload: JsonObject): ChainStatusMessage {
  return {
    type: 'chainStatus',
    certificates: children(payload, 'certificateStatusRequests').map((request) => {
      const urls = request['urls'];
      return {
        hash: hashOf(child(request, 'certificateHashData') ?? {}),
        source: text(request, 'source') === 'CRL' ? 'CRL' : 'OCSP',
        urls: Array.isArray(urls) ? urls.filter((one) => typeof one === 'string') : [],
      };
    }),
  };
}

function hashOf(data: JsonObject) {
  return {
    hashAlgorithm: text(data, 'hashAlgorithm') ?? '',
    issuerNameHash: text(data, 'issuerNameHash') ?? '',
    issuerKeyHash: text(data, 'issuerKeyHash') ?? '',
    serialNumber: text(data, 'serialNumber') ?? '',
  };
}

type Info = (reason: StatusReason | null | undefined) => JsonObject;

export function contractCertificateAnswer(answer: ContractCertificateAnswer, info: Info): JsonObject {
  return {
    status: answer.accepted ? 'Accepted' : 'Failed',
    exiResponse: answer.exiResponse,
    ...(answer.remaining === null ? {} : { remainingContracts: answer.remaining }),
    ...info(answer.reason),
  };
}

export function certificateStatusAnswer(answer: CertificateStatusAnswer, info: Info): JsonObject {
  if (answer.ocspResult === null) return { status: 'Failed', ...info(answer.reason) };
  return { status: 'Accepted', ocspResult: answer.ocspResult };
}

export function chainStatusAnswer({ certificates }: ChainStatusAnswer): JsonObject {
  return {
    certificateStatus: certificates.map(({ hash, source, status, nextUpdate }) => ({
      certificateHashData: { ...hash },
      source,
      status,
      nextUpdate: wireTime(nextUpdate),
    })),
  };
}
