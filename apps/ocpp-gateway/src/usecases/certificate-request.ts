/** Certificates and roots for a station (proto) -> commands of the OCPP library. */
import type { ocppGateway } from '@kilowatch/contracts';
import { invalid } from '@kilowatch/kernel';
import { CERTIFICATE_TYPES, ROOT_PURPOSES, type Command, type RootPurpose } from '@kilowatch/ocpp';

const HASHES: ReadonlySet<string> = new Set(['SHA256', 'SHA384', 'SHA512']);
const HEX = /^[0-9a-fA-F]{1,128}$/;

/** Those that the request holds. Throws INVALID for one that no charger could be asked. */
export function certificateCommandsOf(request: ocppGateway.SendRequest): (Command | undefined)[] {
  return [
    request.certificateSigned && certificateSigned(request.certificateSigned),
    request.installCertificate && install(request.installCertificate),
    request.deleteCertificate && remove(request.deleteCertificate),
    request.getInstalledCertificates && {
      type: 'getInstalledCertificates',
      purposes: request.getInstalledCertificates.purposes.map(namedPurpose),
    },
  ];
}

function certificateSigned({ chain, certificateType, requestId }: ocppGateway.CertificateSigned): Command {
  const type = CERTIFICATE_TYPES.find((known) => known === certificateType);
  if (type === undefined) throw invalid('COMMAND_CERTIFICATE_TYPE', 'This is not a type of certificate.');
  return {
    type: 'certificateSigned',
    chain: pem(chain),
    certificateType: type,
    requestId: requestId ?? null,
  };
}

function install({ purpose, certificate }: ocppGateway.InstallCertificate): Command {
  return { type: 'installCertificate', purpose: rootPurpose(purpose), certificate: pem(certificate) };
}

function remove(command: ocppGateway.DeleteCertificate): Command {
  const { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber, purpose } = command;
  if (
    !HASHES.has(hashAlgorithm) ||
    ![issuerNameHash, issuerKeyHash, serialNumber].every((text) => HEX.test(text))
  )
    throw invalid('COMMAND_CERTIFICATE_HASH', 'A certificate is named by the hashes the station reported.');
  return {
    type: 'deleteCertificate',
    name: { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber },
    purpose: purpose === '' ? null : namedPurpose(purpose),
  };
}

function namedPurpose(word: string): RootPurpose | 'V2GCertificateChain' {
  return word === 'V2GCertificateChain' ? word : rootPurpose(word);
}

function rootPurpose(word: string): RootPurpose {
  const known = ROOT_PURPOSES.find((one) => one === word);
  if (known === undefined)
    throw invalid('COMMAND_CERTIFICATE_PURPOSE', 'This is not a purpose of a certificate.');
  return known;
}

function pem(text: string): string {
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw invalid('COMMAND_CERTIFICATE', 'A certificate is PEM text.');
  return text;
}
