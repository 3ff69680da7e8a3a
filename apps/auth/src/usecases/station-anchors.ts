import { Injectable } from '@nestjs/common';
import type { Certificate, TrustAnchor } from '@kilowatch/trust';

export interface StationTrust {
  readonly anchors: readonly TrustAnchor[];
  readonly intermediates: readonly Certificate[];
  /** Changes with them. */
  readonly version: string;
}

const NONE: StationTrust = { anchors: [], intermediates: [], version: '' };

/** Whom a tenant trusts to vouch for its stations, beside our own authority. */
@Injectable()
export class StationAnchors {
  async of(_tenant: string, _purpose: 'station' | 'manufacturer'): Promise<StationTrust> {
    return NONE;
  }

  async isRevoked(_tenant: string, _certificate: unknown): Promise<boolean> {
    return false;
  }
}
