import { Inject, Injectable } from '@nestjs/common';
import { conflict, invalid, type Clock, type IdSource } from '@kilowatch/kernel';
import { argsHash, CLOCK, Database, IDS, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import { CommandAuditRepository } from '../persistence/command-audit.repository.js';

export interface ChangePlan {
  readonly stationId: string;
  /** Of the audit; not the name of a message. */
  readonly action: string;
  /** What is asked for: tells two requests of one key apart, and stays in the audit. No secrets. */
  readonly args: object;
  readonly idempotencyKey?: string | null | undefined;
  readonly change: (tx: Tx) => Promise<void>;
}

const MAX_KEY = 200;

/**
 * A decision of a person about a station that is ours alone to carry out: the change and its audit row are one transaction, so
 * there is neither without the other. The same key again changes nothing. Throws CONFLICT when the key stood for another request.
 */
@Injectable()
export class AuditedChange {
  constructor(
    private readonly database: Database,
    private readonly audits: CommandAuditRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async run(principal: Principal, plan: ChangePlan): Promise<void> {
    const key = plan.idempotencyKey ?? '';
    if (key.length > MAX_KEY) throw invalid('SESSIONS_IDEMPOTENCY_KEY', 'The idempotency key is too long.');
    const { tenant } = principal;
    const { stationId, action, args } = plan;
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const id = this.ids.newId();
      const hash = argsHash({ stationId, ...args });
      const { audit, isNew } = await this.audits.begin(tx, {
        tenant,
        id,
        stationId,
        action,
        arguments: args,
        requestedBy: principal.accountId,
        role: principal.role,
        idempotencyKey: key || id,
        argsHash: hash,
        requestedAt: this.clock.now(),
      });
      if (audit.argsHash !== hash)
        throw conflict('IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used for another request.');
      if (!isNew) return;
      await plan.change(tx);
      await this.audits.finish(tx, tenant, id, 'ACCEPTED', {}, this.clock.now());
    });
  }
}
