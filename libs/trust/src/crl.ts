/**
 * Certificate revocation lists (RFC 5280 section 5) as a policy for certificates without OCSP (auth.md P13) and for C6. Only whole lists of
 * one issuer: what is not in a partial list may still be revoked, so partial, indirect and delta lists are refused.
 */
import type { Certificate } from './certificate.js';
import { DER, openDer, readDer, sameBytes, unreadable, type DerNode } from './der.js';
import { readExtensionList } from './extensions.js';
import {
  revocationReason,
  unusable,
  windowProblem,
  type RevocationAnswer,
  type RevocationReason,
  type UnusableCode,
} from './revocation.js';
import { readSigned, verifySignature } from './signature.js';

export const MAX_CRL_BYTES = 1024 * 1024;
/** What an entry takes in memory, about: its serial number, its date and their places in the map. */
const ENTRY_BYTES = 250;
const LIST_BYTES = 1_000;
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

/** A whole list that its issuer signed. It holds on to no byte of what it was read from. */
export interface Crl {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** By serial, as `Certificate.serial` has it. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** What it takes in memory, about. */
  readonly bytes: number;
}

export type CrlReading =
  { readonly ok: true; readonly crl: Crl } | { readonly ok: false; readonly code: UnusableCode };

/**
 * A list out of its DER, for what `issuer` issued. Never throws. Its entries are not looked at before the signature is verified: nobody
 * but the issuer can make us go through long lists.
 */
export function readCrl(der: Uint8Array, issuer: Certificate): CrlReading {
  if (der.length > MAX_CRL_BYTES) return refused('MALFORMED');
  try {
    const signed = readSigned(openDer(der));
    const fields = openDer(signed.content).children;
    // Version 1 has no field for it, and no extensions.
    if (fields[0]?.tag === DER.integer) fields.shift();
    const [algorithm, name, ...more] = fields;
    if (!sameBytes(algorithm!.raw, signed.algorithm.raw)) return refused('MALFORMED');
    if (!sameBytes(name!.as(DER.sequence).raw, issuer.subject.der)) return refused('SIGNER_UNKNOWN');
    if (issuer.keyUsage && !issuer.keyUsage.includes('crlSign')) return refused('SIGNER_NOT_ALLOWED');
    const verdict = verifySignature(signed, issuer.key);
    if (verdict !== 'VALID') return refused(verdict === 'BAD' ? 'SIGNATURE_BAD' : 'SIGNATURE_WEAK');
    return readContent(more);
  } catch {
    return refused('MALFORMED');
  }
}

/** What a list says of a certificate of its issuer, if it is fresh; `maxAgeMs`: without nextUpdate. */
export function lookUpInCrl(
  { thisUpdate, nextUpdate, entries }: Crl,
  { serial, at, maxAgeMs }: { readonly serial: string; readonly at: Date; readonly maxAgeMs: number },
): RevocationAnswer {
  const window = { thisUpdate, nextUpdate };
  const time = windowProblem(window, at, maxAgeMs);
  if (time) return unusable(time);
  const entry = entries.get(serial);
  return entry ? { status: 'REVOKED', ...entry, ...window } : { status: 'GOOD', ...window };
}

function readContent([thisUpdate, ...more]: readonly DerNode[]): CrlReading {
  const isTime = (node: DerNode | undefined) =>
    node?.tag === DER.utcTime || node?.tag === DER.generalizedTime;
  const nextUpdate = isTime(more[0]) ? more.shift()!.time : undefined;
  const list = more[0]?.tag === DER.sequence ? more.shift()! : undefined;
  const extensions = readExtensionList(more[0]?.as(0xa0).children[0]);
  if (extensions.some(({ id }) => PARTIAL.has(id))) return refused('PARTIAL');
  if (extensions.some(({ id, critical }) => critical && !KNOWN.has(id)))
    return refused('CRITICAL_EXTENSION_UNKNOWN');
  const entries = new Map<string, Entry>();
  for (const item of list?.children ?? []) {
    const { serial, entry, critical } = readEntry(item);
    if (critical) return refused('CRITICAL_EXTENSION_UNKNOWN');
    entries.set(serial, entry);
  }
  const bytes = LIST_BYTES + entries.size * ENTRY_BYTES;
  return { ok: true, crl: { thisUpdate: thisUpdate!.time, nextUpdate, entries, bytes } };
}

/** An entry of an indirect list names its issuer in a critical extension: unknown here, so the whole list is refused. */
function readEntry(node: DerNode): { serial: string; entry: Entry; critical: boolean } {
  const [serial, revokedAt, extensionList] = node.as(DER.sequence).children;
  const extensions = readExtensionList(extensionList);
  const reason = extensions.find(({ id }) => id === ID.reasonCode)?.value;
  const code = reason && readDer(reason).as(DER.enumerated).content[0];
  if (!serial || !revokedAt) throw unreadable('an entry of a list without its parts');
  return {
    serial: serial.unsignedHex,
    entry: { revokedAt: revokedAt.time, reason: revocationReason(code) },
    critical: extensions.some(({ id, critical }) => critical && !KNOWN_OF_ENTRY.has(id)),
  };
}

function refused(code: UnusableCode): CrlReading {
  return { ok: false, code };
}
