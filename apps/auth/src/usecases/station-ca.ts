import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, SYSTEM_SCOPE } from '@kilowatch/platform';
import { revokedByUs } from '../persistence/station-certificate.repository.js';
import { Authorities } from './authority/authorities.js';

/** Signing a list costs: for so long the last one is as good. */
const FRESH_MS = 60_000;

/** What is published of the authorities that sign for stations. */
@Injectable()
export class StationCa {
  private made: { readonly at: Date; readonly der: Promise<Uint8Array | undefined> } | undefined;

  constructor(
    private readonly database: Database,
    private readonly authorities: Authorities,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The revocation list of the built-in authority, DER; undefined when there is none. */
  crl(): Promise<Uint8Array | undefined> {
    const now = this.clock.now();
    if (this.made && now.getTime() - this.made.at.getTime() < FRESH_MS) return this.made.der;
    const der = this.make(now);
    this.made = { at: now, der };
    der.catch(() => (this.made = undefined));
    return der;
  }

  /** A revocation is on the next list at once (of this process; the others follow within a minute). */
  changed(): void {
    this.made = undefined;
  }

  async builtInRoots(): Promise<readonly string[]> {
    return (await (await this.authorities.theBuiltIn())?.roots()) ?? [];
  }

  private async make(now: Date): Promise<Uint8Array | undefined> {
    const authority = await this.authorities.theBuiltIn();
    if (!authority) return undefined;
    const revoked = await this.database.read(SYSTEM_SCOPE, (tx) => revokedByUs(tx, now));
    return authority.crl(revoked, now);
  }
}
