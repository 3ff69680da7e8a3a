import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  CONFIG,
  Database,
  externalName,
  revokedName,
  SYSTEM_SCOPE,
  type ConfigOf,
} from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { endedSince, switchedOffExternals } from '../persistence/ended-sign-ins.repository.js';

/** Longer than the leeway with which tokens are verified. */
const LEEWAY_MS = 2 * 60_000;
/** A list of this length is some 500 KB; to end more sign-ins within the life of a token is no work of people. */
const MOST = 20_000;
const HELD_MS = 1_000;

/** What must not be believed any more although a token of it may still be in date. */
@Injectable()
export class RevokedTokenList {
  private held: { readonly at: number; readonly names: Promise<string[]> } | undefined;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** By `revokedName`; a second old at most. */
  names(): Promise<string[]> {
    const now = this.clock.now().getTime();
    if (this.held && now - this.held.at >= 0 && now - this.held.at < HELD_MS) return this.held.names;
    const since = new Date(now - this.config.KW_ACCESS_TOKEN_MINUTES * 60_000 - LEEWAY_MS);
    const names = this.database
      .read(SYSTEM_SCOPE, (tx) => Promise.all([endedSince(tx, since, MOST), switchedOffExternals(tx, MOST)]))
      .then(([ids, off]) =>
        [...ids, ...off.map(({ tenant, id }) => externalName(tenant, id))].map(revokedName),
      );
    const held = { at: now, names };
    this.held = held;
    names.catch(() => {
      if (this.held === held) this.held = undefined;
    });
    return names;
  }
}
