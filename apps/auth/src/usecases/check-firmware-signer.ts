import { Inject, Injectable } from '@nestjs/common';
import { isAppError, type Clock } from '@kilowatch/kernel';
import { CLOCK } from '@kilowatch/platform';
import { describeProblem, readCertificatesPem, validatePath, type Certificate } from '@kilowatch/trust';
import { StationAnchors } from './station-anchors.js';

export interface SignedFirmware {
  /** PEM. */
  readonly signingCertificate: string;
  /** Base64. */
  readonly signature: string;
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** RSA 8192. */
const LONGEST_SIGNATURE = 1024;
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';

/**
 * L01.FR.11 ff., A00.FR.706: what a station is told of a firmware's signer is looked at first, so that a mistake is found here and
 * not by a fleet that refuses. The signature itself is over the firmware, which we do not have: its form is all that can be judged.
 */
@Injectable()
export class CheckFirmwareSigner {
  constructor(
    private readonly anchors: StationAnchors,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(
    tenant: string,
    { signingCertificate, signature }: SignedFirmware,
  ): Promise<{ accepted: boolean; reason: string }> {
    const refused = (reason: string) => ({ accepted: false, reason });
    if (!BASE64.test(signature) || Buffer.from(signature, 'base64').length > LONGEST_SIGNATURE)
      return refused('The signature is not Base64 of a signature.');
    const chain = readable(signingCertificate);
    if (!chain) return refused('The signing certificate is no certificate (PEM).');
    const trust = await this.anchors.of(tenant, 'manufacturer');
    // Whoever named no manufacturer leaves the judgement to its stations, which hold the manufacturer's root themselves.
    if (trust.anchors.length === 0) return { accepted: true, reason: '' };
    const { anchors, intermediates } = trust;
    const result = validatePath({
      certificates: chain,
      anchors,
      intermediates,
      at: this.clock.now(),
      purposes: [CODE_SIGNING],
    });
    return result.ok
      ? { accepted: true, reason: '' }
      : refused(`The signing certificate is not to be trusted: ${describeProblem(result.problems[0]!)}`);
  }
}

function readable(pem: string): readonly Certificate[] | undefined {
  try {
    return readCertificatesPem(pem);
  } catch (error) {
    if (isAppError(error) && error.kind === 'INVALID') return undefined;
    throw error;
  }
}
