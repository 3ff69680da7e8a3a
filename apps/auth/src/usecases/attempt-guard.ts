import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, LOGGER, tenantScope, type Logger } from '@kilowatch/platform';
import { LRUCache } from 'lru-cache';
import { KeyCodeBackOff, type BackOffLimits } from '../domain/attempts/key-code-back-off.js';
import { DEFAULT_POLICY, thresholdsOf, type AttemptPolicy } from '../domain/attempts/attempt-rules.js';
import type { DecisionStatus } from '../domain/decision.js';
import { findPolicy } from '../persistence/attempt-policy.repository.js';
import { stationsUnderGuessing } from '../persistence/incident.repository.js';
import { SharedFailures } from './shared-failures.js';

/** A code that was tried at a keypad, and how it fared. */
export interface TriedCode {
  readonly stationId: string;
  readonly status: DecisionStatus;
  /** It is a code, and not a card that was told as one. */
  readonly isCode: boolean;
}

interface Known {
  readonly policy: AttemptPolicy;
  readonly guessing: ReadonlySet<string>;
}

const FRESH_MS = 5_000;
const TENANTS = 1_000;
const KEYPADS = 'keypad';
const NOTHING: Known = { policy: DEFAULT_POLICY, guessing: new Set() };

/**
 * What guessing costs whoever guesses: codes of a keypad are not looked at for a while, refusals at a station take longer. What it needs
 * is in memory of each pod and a few seconds old; a decision waits for none of it, and an accepted one is never held up.
 */
@Injectable()
export class AttemptGuard {
  private readonly backOff = new KeyCodeBackOff();
  private readonly known = new LRUCache<string, { readonly at: number; readonly held: Known }>({
    max: TENANTS,
  });
  private readonly asking = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly shared: SharedFailures,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** True: look at no code that comes from this station. */
  isHeldBack(tenant: string, stationId: string): boolean {
    return this.backOff.waitSeconds(nameOf(tenant, stationId), this.clock.now()) > 0;
  }

  /** How a code that was looked at fared. By station: none says at which EVSE somebody asks (Authorize). */
  noted(tenant: string, { stationId, status, isCode }: TriedCode): void {
    const name = nameOf(tenant, stationId);
    const now = this.clock.now();
    if (status === 'ACCEPTED' && isCode) {
      void this.shared.forget({ kind: KEYPADS, name });
      return this.backOff.succeeded(name);
    }
    if (status !== 'UNKNOWN' && status !== 'INVALID') return;
    const { wrongCodes, windowSeconds } = thresholdsOf(this.of(tenant).policy, 'KEY_CODE_GUESSING');
    const limits = { failures: wrongCodes, windowMs: windowSeconds * 1000 };
    this.backOff.failed(name, now, limits);
    void this.share(name, now, limits);
  }

  /** The next code may be asked of another pod. The decision waits for none of it. */
  private async share(name: string, now: Date, limits: BackOffLimits): Promise<void> {
    const [counted = []] = await this.shared.tell([{ kind: KEYPADS, name }], now, limits.windowMs);
    const total = counted.reduce((sum, [, times]) => sum + times, 0);
    this.backOff.heard(name, total, now, limits);
  }

  /**
   * Before a refusal is told: at once, unless somebody guesses at this station and the tenant wants them to wait. `askedAt`: what the
   * decision took counts, so that a contract whose responders are silent is answered in the time of its car all the same.
   */
  async delay(tenant: string, stationId: string, askedAt: Date): Promise<void> {
    const { policy, guessing } = this.of(tenant);
    if (policy.refusalDelayMs === 0 || !guessing.has(stationId)) return;
    const left = policy.refusalDelayMs - (this.clock.now().getTime() - askedAt.getTime());
    if (left > 0) await wait(left);
  }

  private of(tenant: string): Known {
    const held = this.known.get(tenant);
    if (!held || this.clock.now().getTime() - held.at >= FRESH_MS) void this.refresh(tenant);
    return held?.held ?? NOTHING;
  }

  private async refresh(tenant: string): Promise<void> {
    if (this.asking.has(tenant)) return;
    this.asking.add(tenant);
    try {
      const held = await this.database.read(tenantScope(tenant), async (tx): Promise<Known> => {
        const { policy } = await findPolicy(tx, tenant);
        if (policy.refusalDelayMs === 0) return { policy, guessing: NOTHING.guessing };
        return { policy, guessing: await stationsUnderGuessing(tx, tenant) };
      });
      this.known.set(tenant, { at: this.clock.now().getTime(), held });
    } catch (err) {
      // What was known before goes on to hold; the next refusal asks again.
      this.log.warn({ err, tenant }, 'the state of attempts could not be read');
    } finally {
      this.asking.delete(tenant);
    }
  }
}

function nameOf(tenant: string, stationId: string): string {
  return `${tenant}|${stationId}`;
}
