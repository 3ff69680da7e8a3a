// What stations and we say about certificates, without a version (2.0.1 A02, A03, M03 to M05; 1.6 security white paper ed. 3;
// 1.6 plug and charge, where certificates towards cars travel inside DataTransfer).

import { integer, text, type JsonObject } from '../json.js';

/** Certificates of a station itself: towards us, towards cars of ISO 15118-2 and -20, and one for all (2.x: no type is named). */
export const CERTIFICATE_TYPES = [
  'ChargingStationCertificate',
  'V2GCertificate',
  'V2G20Certificate',
  'CombinedCertificate',
] as const;
export type CertificateType = (typeof CERTIFICATE_TYPES)[number];

/** Roots a station may hold, in the words of 2.x. */
export const ROOT_PURPOSES = [
  'V2GRootCertificate',
  'MORootCertificate',
  'CSMSRootCertificate',
  'ManufacturerRootCertificate',
  'OEMRootCertificate',
] as const;
export type RootPurpose = (typeof ROOT_PURPOSES)[number];

/** Which certificate: hexadecimal hashes over its issuer, and its serial number (CertificateHashDataType). */
export interface CertificateName {
  hashAlgorithm: string;
  issuerNameHash: string;
  issuerKeyHash: string;
  serialNumber: string;
}

export interface SignCertificateMessage {
  type: 'signCertificate';
  /** PEM. */
  csr: string;
  certificateType: CertificateType;
  /** 2.1: the answer repeats it. */
  requestId: number | null;
}

/** Signed: leaf first, then its sub-CAs, PEM. */
export interface CertificateSigned {
  type: 'certificateSigned';
  chain: string;
  certificateType: CertificateType;
  /** 2.1 only: of the request. */
  requestId?: number | null;
}
export interface InstallCertificate {
  type: 'installCertificate';
  purpose: RootPurpose;
  /** PEM. */
  certificate: string;
}
export interface DeleteCertificate {
  type: 'deleteCertificate';
  name: CertificateName;
  /** In 1.6 it says whether the plug and charge extension is meant. */
  purpose?: RootPurpose | 'V2GCertificateChain' | null;
}
export interface GetInstalledCertificates {
  type: 'getInstalledCertificates';
  /** Empty: all (2.x); 1.6 asks for one. */
  purposes: (RootPurpose | 'V2GCertificateChain')[];
}
export type CertificateCommand =
  CertificateSigned | InstallCertificate | DeleteCertificate | GetInstalledCertificates;

/** `untyped`: what a request is for that names no type. */
export function signCertificate(payload: JsonObject, untyped: CertificateType): SignCertificateMessage {
  const type = text(payload, 'certificateType');
  return {
    type: 'signCertificate',
    csr: text(payload, 'csr') ?? '',
    certificateType: CERTIFICATE_TYPES.find((known) => known === type) ?? untyped,
    requestId: integer(payload, 'requestId'),
  };
}
