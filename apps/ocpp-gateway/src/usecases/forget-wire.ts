import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import type { GatewayConfig } from '../config.js';
import { slotsToForget } from '../domain/trace-slot.js';
import { ConnectionAttemptRepository } from '../persistence/connection-attempt.repository.js';
import { WireFrameRepository } from '../persistence/wire-frame.repository.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Empties the hours of the frame trace that are over. */
@Injectable()
export class ForgetFrames implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-frames';
  readonly intervalMs = 10 * MINUTE_MS;

  constructor(
    private readonly frames: WireFrameRepository,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Whole hours of all tenants: there are no rows to count. */
  async take(tx: Tx, now: Date): Promise<{ tenant: string }[]> {
    for (const slot of slotsToForget(now.getTime(), this.config.KW_OCPP_TRACE_HOURS)) {
      await this.frames.forget(tx, slot);
    }
    return [];
  }
}

/** Forgets connection attempts, a batch at a time. */
@Injectable()
export class ForgetAttempts implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-attempts';
  readonly intervalMs = 60 * MINUTE_MS;
  readonly limit = 1_000;

  constructor(
    private readonly attempts: ConnectionAttemptRepository,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    const before = new Date(now.getTime() - this.config.KW_OCPP_ATTEMPT_DAYS * DAY_MS);
    return this.attempts.forget(tx, before, limit);
  }
}
