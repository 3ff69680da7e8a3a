import type { SignCertificateMessage, StatusAnswer } from '@kilowatch/ocpp';
import { callOptions, type Handler } from './station-call.js';

/** A station asks for its certificate (A02, A03). Accepted is on disk; the certificate itself comes in CertificateSigned. */
export const handleSignCertificate: Handler<SignCertificateMessage> = async (ports, call, message) => {
  const { stationId, protocol } = call.station;
  const { accepted, reasonCode, reason } = await ports.certificates.requestCertificate(
    {
      stationId,
      protocol,
      csr: message.csr,
      certificateType: message.certificateType,
      requestId: message.requestId ?? undefined,
    },
    callOptions(call),
  );
  const answer: StatusAnswer = { type: 'status', status: accepted ? 'Accepted' : 'Rejected' };
  return accepted || reasonCode === '' ? answer : { ...answer, reason: { code: reasonCode, text: reason } };
};
