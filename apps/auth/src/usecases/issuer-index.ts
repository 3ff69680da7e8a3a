import {
  certificateId,
  isIssuerOf,
  type Certificate,
  type CertificateId,
  type HashAlgorithm,
} from '@kilowatch/trust';

/** Finds authorities by hash data without hashing each of them for each question: by their keys, made once for each algorithm asked with. */
export class IssuerIndex {
  private readonly byKey = new Map<HashAlgorithm, ReadonlyMap<string, readonly Certificate[]>>();

  constructor(private readonly authorities: readonly Certificate[]) {}

  of(id: CertificateId): readonly Certificate[] {
    const index = this.byKey.get(id.hashAlgorithm) ?? this.made(id.hashAlgorithm);
    return (index.get(id.issuerKeyHash) ?? []).filter((one) => isIssuerOf(id, one));
  }

  private made(algorithm: HashAlgorithm): ReadonlyMap<string, readonly Certificate[]> {
    const index = new Map<string, Certificate[]>();
    for (const one of this.authorities) {
      const { issuerKeyHash } = certificateId({ serial: '' }, one, algorithm);
      index.set(issuerKeyHash, [...(index.get(issuerKeyHash) ?? []), one]);
    }
    this.byKey.set(algorithm, index);
    return index;
  }
}
