/**
 * Certificate revocation lists (RFC 5280 section 5) as a policy for certificates without OCSP (auth.md P13) and for C6. Only whole lists of
 * one issuer: what is not in a partial list may still be revoked, so partial, indirect and delta lists are refused.
 */
import { invalid } from '@kilowatch/kernel';
import type { Certificate } from './certificate.js';
import { DER, readDer, sameBytes, unreadable, type DerNode } from './der.js';
import { readName, type DistinguishedName } from './distinguished-name.js';
import { readExtensionList } from './extensions.js';
import {
  revocationReason,
  unusable,
  windowProblem,
  type RevocationAnswer,
  type RevocationReason,
} from './revocation.js';
import { readSigned, verifySignature, type Signed } from './signature.js';

export const MAX_CRL_BYTES = 4 * 1024 * 1024;
const ID = {
  authorityKeyId: '2.5.29.35',
  issuerAltName: '2.5.29.18',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  delta: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  freshest: '2.5.29.46',
} as const;
const PARTIAL = new Set<string>([ID.delta, ID.issuingDistributionPoint]);
const KNOWN = new Set<string>([ID.authorityKeyId, ID.issuerAltName, ID.crlNumber, ID.freshest]);
const KNOWN_OF_ENTRY = new Set<string>([ID.reasonCode, ID.invalidityDate]);

interface Entry {
  readonly revokedAt: Date;
  readonly reason: RevocationReason;
}

export interface Crl {
  readonly signed: Signed;
  readonly issuer: DistinguishedName;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly partial: boolean;
  readonly unknownCritical: boolean;
  /** By serial, as `Certificate.serial` has it. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** A list out of its DER. Throws INVALID for what is none. Nothing of it is believed before `lookUpInCrl`. */
export function readCrl(der: Uint8Array): Crl {
  try {
    if (der.length > MAX_CRL_BYTES) throw unreadable('larger than 4 MiB');
    return parsed(Uint8Array.from(der));
  } catch (error) {
    throw invalid(
      'TRUST_CRL_UNREADABLE',
      'This is not a certificate revocation list that can be read.',
      {},
      error,
    );
  }
}

/** What a list says of a certificate, if it is a whole and fresh one that `issuer` signed; `maxAgeMs`: without nextUpdate. */
export function lookUpInCrl(
  crl: Crl,
  question: {
    readonly serial: string;
    readonly issuer: Certificate;
    readonly at: Date;
    readonly maxAgeMs: number;
  },
): RevocationAnswer {
  const { issuer, serial, at, maxAgeMs } = question;
  if (!sameBytes(crl.issuer.der, issuer.subject.der)) return unusable('SIGNER_UNKNOWN');
  if (issuer.keyUsage && !issuer.keyUsage.includes('crlSign')) return unusable('SIGNER_NOT_ALLOWED');
  const verdict = verifySignature(crl.signed, issuer.key);
  if (verdict !== 'VALID') return unusable(verdict === 'BAD' ? 'SIGNATURE_BAD' : 'SIGNATURE_WEAK');
  if (crl.partial) return unusable('PARTIAL');
  if (crl.unknownCritical) return unusable('CRITICAL_EXTENSION_UNKNOWN');
  const window = { thisUpdate: crl.thisUpdate, nextUpdate: crl.nextUpdate };
  const time = windowProblem(window, at, maxAgeMs);
  if (time) return unusable(time);
  const entry = crl.entries.get(serial);
  return entry ? { status: 'REVOKED', ...entry, ...window } : { status: 'GOOD', ...window };
}

function parsed(der: Uint8Array): Crl {
  const signed = readSigned(readDer(der));
  const fields = readDer(signed.content).children;
  // Version 1 has no field for it, and no extensions.
  if (fields[0]?.tag === DER.integer) fields.shift();
  const [algorithm, issuer, thisUpdate, ...more] = fields;
  if (!sameBytes(algorithm!.raw, signed.algorithm.raw)) throw unreadable('two signature algorithms');
  const isTime = (node: DerNode | undefined) =>
    node?.tag === DER.utcTime || node?.tag === DER.generalizedTime;
  const nextUpdate = isTime(more[0]) ? more.shift()!.time : undefined;
  const list = more[0]?.tag === DER.sequence ? more.shift()!.children : [];
  const extensions = readExtensionList(more[0]?.as(0xa0).children[0]);
  let unknownCritical = extensions.some(({ id, critical }) => critical && !KNOWN.has(id) && !PARTIAL.has(id));
  const entries = new Map<string, Entry>();
  for (const item of list) {
    const { serial, entry, critical } = readEntry(item);
    unknownCritical ||= critical;
    entries.set(serial, entry);
  }
  return {
    signed,
    issuer: readName(issuer!),
    thisUpdate: thisUpdate!.time,
    nextUpdate,
    partial: extensions.some(({ id }) => PARTIAL.has(id)),
    unknownCritical,
    entries,
  };
}

/** An entry of an indirect list names its issuer in a critical extension: unknown here, so the whole list is refused. */
function readEntry(node: DerNode): { serial: string; entry: Entry; critical: boolean } {
  const [serial, revokedAt, extensionList] = node.as(DER.sequence).children;
  const extensions = readExtensionList(extensionList);
  const reason = extensions.find(({ id }) => id === ID.reasonCode)?.value;
  const code = reason && readDer(reason).as(DER.enumerated).content[0];
  return {
    serial: serial!.unsignedHex,
    entry: { revokedAt: revokedAt!.time, reason: revocationReason(code) },
    critical: extensions.some(({ id, critical }) => critical && !KNOWN_OF_ENTRY.has(id)),
  };
}
