// Certificates -> OCPP 2.0.1 and 2.1 requests of the CSMS (A02, M03 to M05).

import type { CertificateCommand } from '../certificate-messages.js';
import type { CommandCall } from '../command.js';
import { call } from '../command-call.js';

export function certificateCall201(command: CertificateCommand): CommandCall {
  switch (command.type) {
    case 'certificateSigned':
      return call('CertificateSigned', {
        certificateChain: command.chain,
        // The type of the request (A02): none where it named none.
        certificateType: command.certificateType === 'CombinedCertificate' ? null : command.certificateType,
        requestId: command.requestId,
      });
    case 'installCertificate':
      return call('InstallCertificate', {
        certificateType: command.purpose,
        certificate: command.certificate,
      });
    case 'deleteCertificate':
      return call('DeleteCertificate', { certificateHashData: { ...command.name } });
    case 'getInstalledCertificates':
      return call('GetInstalledCertificateIds', {
        certificateType: command.purposes.length === 0 ? null : [...command.purposes],
      });
  }
}
