// Certificates -> OCPP 1.6 requests. The security extension knows those between station and central system; those towards cars
// are requests of 2.0.1 as JSON text in a DataTransfer (OCA application note on plug and charge with 1.6).

import { invalid } from '@kilowatch/kernel';
import type { CertificateCommand, RootPurpose } from '../certificate-messages.js';
import type { CommandCall } from '../command.js';
import { call } from '../command-call.js';
import { certificateCall201 } from '../v201/certificates.js';
import { PNC_VENDOR } from './plug-and-charge.js';

const PURPOSES_16: Readonly<Partial<Record<RootPurpose, string>>> = {
  CSMSRootCertificate: 'CentralSystemRootCertificate',
  ManufacturerRootCertificate: 'ManufacturerRootCertificate',
};
/** The plug and charge note is written for 2.0.1, which has no certificates of ISO 15118-20. */
const PNC_PURPOSES: ReadonlySet<string> = new Set([
  'V2GRootCertificate',
  'MORootCertificate',
  'V2GCertificateChain',
]);

export function certificateCall16(command: CertificateCommand): CommandCall {
  switch (command.type) {
    case 'certificateSigned':
      return command.certificateType === 'ChargingStationCertificate'
        ? call('CertificateSigned', { certificateChain: command.chain })
        : inside(command);
    case 'installCertificate':
      return PNC_PURPOSES.has(command.purpose)
        ? inside(command)
        : call('InstallCertificate', {
            certificateType: purpose16(command.purpose),
            certificate: command.certificate,
          });
    case 'deleteCertificate':
      return PNC_PURPOSES.has(command.purpose ?? '')
        ? inside(command)
        : call('DeleteCertificate', { certificateHashData: { ...command.name } });
    case 'getInstalledCertificates': {
      const [only, ...more] = command.purposes;
      if (only === undefined || more.length > 0)
        throw invalid(
          'OCPP_NOT_IN_VERSION',
          'Stations of OCPP 1.6 are asked for one kind of certificate at a time.',
        );
      return PNC_PURPOSES.has(only)
        ? inside(command)
        : call('GetInstalledCertificateIds', { certificateType: purpose16(only) });
    }
  }
}

/** Null unless it asks for a request that only plug and charge has. */
export function plugAndChargeTrigger(requestedMessage: string): CommandCall | null {
  return requestedMessage === 'SignV2GCertificate' ? transfer('TriggerMessage', { requestedMessage }) : null;
}

function purpose16(purpose: RootPurpose | 'V2GCertificateChain'): string {
  const word = PURPOSES_16[purpose as RootPurpose];
  if (word === undefined)
    throw invalid('OCPP_NOT_IN_VERSION', `Stations of OCPP 1.6 hold no certificates of the kind ${purpose}.`);
  return word;
}

function inside(command: CertificateCommand): CommandCall {
  const { action, payload } = certificateCall201(command);
  return transfer(action, payload);
}

function transfer(messageId: string, payload: object): CommandCall {
  return call('DataTransfer', { vendorId: PNC_VENDOR, messageId, data: JSON.stringify(payload) });
}
