import { Injectable } from '@nestjs/common';
import { certificateNames, type StationVerdict } from '../domain/station-credential.js';
import type { StationCredential } from '../persistence/station-credential.repository.js';

/** As the gateway hands it over. */
export interface ShownCertificate {
  readonly der: Uint8Array;
  /** Empty when the subject has none, or several. */
  readonly commonName: string;
  /** TLS proved that the station holds the key, and a trusted CA vouches for the certificate now. */
  readonly verified: boolean;
}

/**
 * The only place that decides whether a certificate belongs to a station of profile 3 (A00.FR.401 ff.). It checks the name.
 * Revocation, the serial number registered for the station, and chains of our own CA (issue of auth) go here, on `der`.
 */
@Injectable()
export class StationCertificateCheck {
  async run(
    credential: Pick<StationCredential, 'identityKey'>,
    certificate: ShownCertificate | undefined,
  ): Promise<StationVerdict> {
    if (!certificate?.verified) return 'PROFILE_MISMATCH';
    return certificateNames(credential.identityKey, certificate.commonName)
      ? 'ACCEPTED'
      : 'CERTIFICATE_WRONG_NAME';
  }
}
