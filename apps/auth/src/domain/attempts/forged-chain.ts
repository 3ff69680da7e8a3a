/**
 * What was shown for a contract and was not what it claimed, kept as evidence. Whoever forges chains can make any number of them, so
 * what is kept is bounded: the first ones of a station and of a tenant stay until their time is over, those beyond are counted by
 * the incident alone.
 */
import { createHash } from 'node:crypto';
import { storableText } from '@kilowatch/kernel';

export interface ShownHash {
  readonly hashAlgorithm: string;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

export interface ForgedChain {
  readonly id: string;
  /** Keyed, hex: the key of the incident. */
  readonly tokenHash: string;
  readonly tokenMasked: string;
  readonly stationId: string;
  readonly reason: string;
  /** Of the leaf, hex; empty when it could not be read. */
  readonly serial: string;
  /** Empty when only hash data were shown. */
  readonly pem: string;
  readonly hashData: readonly ShownHash[];
  readonly digest: Buffer;
  readonly times: number;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly keptUntil: Date;
}

export const MOST_OF_TENANT = 500;
export const MOST_OF_STATION = 20;
const KEPT_MS = 90 * 24 * 3_600_000;
/** A chain of 2.1 has at most 10,000 characters. */
const LONGEST_PEM = 10_000;
const MOST_HASHES = 4;
const LONGEST_HASH = 128;

export interface Showing extends Pick<
  ForgedChain,
  'id' | 'tokenHash' | 'tokenMasked' | 'stationId' | 'reason' | 'serial'
> {
  readonly evidence: { readonly certificatePem: string; readonly hashes: readonly ShownHash[] };
  readonly at: Date;
}

/** What is kept of it. The same shown again at the same station has the same digest. */
export function forgedChain({ evidence, at, ...showing }: Showing): ForgedChain {
  const pem = storableText(evidence.certificatePem).slice(0, LONGEST_PEM);
  const hashData = pem === '' ? evidence.hashes.slice(0, MOST_HASHES).map(bounded) : [];
  const digest = createHash('sha256')
    .update(JSON.stringify([showing.tokenHash, showing.reason, pem, hashData]))
    .digest();
  return {
    ...showing,
    pem,
    hashData,
    digest,
    times: 1,
    firstSeen: at,
    lastSeen: at,
    keptUntil: new Date(at.getTime() + KEPT_MS),
  };
}

function bounded({ hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }: ShownHash): ShownHash {
  const short = (text: string) => storableText(text).slice(0, LONGEST_HASH);
  return {
    hashAlgorithm: short(hashAlgorithm),
    issuerNameHash: short(issuerNameHash),
    issuerKeyHash: short(issuerKeyHash),
    serialNumber: short(serialNumber),
  };
}
