import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type Tx } from '@kilowatch/platform';
import { isForUs } from '../domain/station-certificate.js';
import {
  liveCertificates,
  saveCertificateState,
  type StationCertificate,
} from '../persistence/station-certificate.repository.js';

/** What the station shows, or has taken, replaces what it had before (C9). */
@Injectable()
export class RetireCertificates {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /**
   * `one` is in use now. Older ones for the same use are superseded; those of our own authority are revoked with that, for other
   * authorities only they themselves can. Repeating it changes nothing.
   */
  async installed(tx: Tx, one: StationCertificate): Promise<void> {
    const now = this.clock.now();
    if (one.state === 'ISSUED') await saveCertificateState(tx, one, { state: 'INSTALLED' }, now);
    for (const other of await liveCertificates(tx, one.tenant, one.stationId)) {
      const isOlder = other.createdAt < one.createdAt || (other.state === 'INSTALLED' && other.id < one.id);
      if (other.id === one.id || !isOlder || !sameUse(other, one)) continue;
      await this.supersede(tx, other, now);
    }
  }

  /** OCPP 2.1 A02.FR.28: the station came not in with its new certificate, threw it away and goes on with the old one. */
  async discarded(tx: Tx, tenant: string, stationId: string): Promise<boolean> {
    const live = await liveCertificates(tx, tenant, stationId);
    const fresh = live.find((one) => isForUs(one.type) && one.state === 'ISSUED');
    if (!fresh) return false;
    await this.supersede(tx, fresh, this.clock.now());
    return true;
  }

  private async supersede(tx: Tx, one: StationCertificate, now: Date): Promise<void> {
    const to =
      one.issuedBy === 'BUILT_IN'
        ? ({ state: 'REVOKED', reason: 'SUPERSEDED' } as const)
        : ({ state: 'SUPERSEDED' } as const);
    await saveCertificateState(tx, one, { state: 'SUPERSEDED' }, now);
    if (to.state === 'REVOKED') await saveCertificateState(tx, one, to, now);
  }
}

function sameUse(one: StationCertificate, other: StationCertificate): boolean {
  return one.type === other.type || (isForUs(one.type) && isForUs(other.type));
}
