/** What is known of the wire that a charger came over. */
export interface TransportSecurity {
  /** `TLSv1.3 TLS_AES_128_GCM_SHA256`, `proxy` when one of ours ended TLS, empty without TLS. */
  readonly tls: string;
  /** Good enough for profile 2: TLS 1.2 or newer with the suites OCPP names (A00.FR.313 ff.). */
  readonly secure: boolean;
  readonly certificate: ShownCertificate;
}

export type CertificateFault = 'client_certificate_untrusted' | 'client_certificate_expired';

export type ShownCertificate =
  /** This port asks for none. */
  | { readonly kind: 'not_asked' }
  | { readonly kind: 'missing' }
  /** The station holds its key. Whose it is, and whether the station's operator trusts who issued it, auth decides. */
  | {
      readonly kind: 'shown';
      readonly der: Uint8Array;
      readonly commonName: string;
      /** What the station sent along, its issuer first. */
      readonly chain: readonly Uint8Array[];
      /** Undefined: a CA of KW_OCPP_STATION_CA vouches for it now. */
      readonly fault: CertificateFault | undefined;
    };

/** Security profile that a connection offers: a certificate, or a password and what is below it. */
export function offeredProfile(
  { secure, certificate }: Pick<TransportSecurity, 'secure' | 'certificate'>,
  hasPassword: boolean,
): 0 | 1 | 2 | 3 {
  if (certificate.kind === 'shown') return 3;
  if (!hasPassword) return 0;
  return secure ? 2 : 1;
}

/**
 * Why no CA of ours vouches for a certificate, in a word for the operator. It says what was found last, not that the rest was
 * right: an expired certificate may come from anybody as well. Auth, which knows the tenant's own CAs, looks for itself.
 */
export function certificateFault(verifyError: string): CertificateFault {
  return verifyError === 'CERT_HAS_EXPIRED' ? 'client_certificate_expired' : 'client_certificate_untrusted';
}
