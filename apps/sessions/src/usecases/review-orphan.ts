import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import { attached, canDismiss, type ReviewedOrphan } from '../domain/orphan-review.js';
import { OrphanRepository } from '../persistence/orphan.repository.js';
import { SituationRepository } from '../persistence/situation.repository.js';
import { AuditedChange } from './audited-change.js';
import { SaveTransaction } from './save-transaction.js';

export interface AttachInput {
  readonly messageId: string;
  readonly sessionId: string;
  readonly note?: string | null;
  readonly idempotencyKey?: string | null;
}

export interface DismissInput {
  readonly messageId: string;
  readonly reason: string;
  readonly idempotencyKey?: string | null;
}

const MAX_NOTE = 500;

/** What an operator does with a message that belongs to no session: part of one that is open, or nothing to it. */
@Injectable()
export class ReviewOrphan {
  constructor(
    private readonly database: Database,
    private readonly orphans: OrphanRepository,
    private readonly situations: SituationRepository,
    private readonly saving: SaveTransaction,
    private readonly changes: AuditedChange,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * In one transaction under the station's lock: the session with the message in it, its events, and who decided.
   */
  async attach(principal: Principal, input: AttachInput): Promise<void> {
    const { tenant } = principal;
    const { messageId, sessionId } = input;
    const note = noteOf(input.note ?? '');
    const stationId = await this.stationOf(principal, messageId);
    await this.changes.run(principal, {
      stationId,
      action: 'AttachOrphanedMessage',
      args: { messageId, sessionId, note },
      idempotencyKey: input.idempotencyKey,
      change: async (tx) => {
        this.situations.lockStation(tx, tenant, stationId);
        const orphan = await this.orphan(tx, tenant, messageId);
        const found = await this.situations.forSession(tx, tenant, stationId, sessionId);
        if (!found) throw sessionUnknown();
        const { station, session: before } = found;
        const session = attached(orphan, before);
        if (!session) return;
        const { message } = orphan;
        const outcome = { kind: 'session', before, session, superseded: [], adopted: [orphan] } as const;
        await this.saving.save(tx, tenant, message, station, outcome);
        await this.noteReview(tx, principal, messageId, false, note);
      },
    });
  }

  async dismiss(principal: Principal, { messageId, reason, idempotencyKey }: DismissInput): Promise<void> {
    const { tenant } = principal;
    const note = noteOf(reason);
    if (note === '') throw invalid('SESSIONS_REVIEW_REASON', 'Say why there is nothing to it.');
    const stationId = await this.stationOf(principal, messageId);
    await this.changes.run(principal, {
      stationId,
      action: 'DismissOrphanedMessage',
      args: { messageId, reason: note },
      idempotencyKey,
      change: async (tx) => {
        this.situations.lockStation(tx, tenant, stationId);
        const orphan = await this.orphan(tx, tenant, messageId);
        if (canDismiss(orphan)) await this.noteReview(tx, principal, messageId, true, note);
      },
    });
  }

  private async noteReview(
    tx: Tx,
    { tenant, accountId }: Principal,
    id: string,
    dismissed: boolean,
    note: string,
  ): Promise<void> {
    await this.orphans.review(tx, tenant, id, { dismissed, note, by: accountId, at: this.clock.now() });
  }

  private async stationOf({ tenant }: Principal, messageId: string): Promise<string> {
    const orphan = await this.database.read(tenantScope(tenant), (tx) => this.orphan(tx, tenant, messageId));
    return orphan.stationId;
  }

  private async orphan(tx: Tx, tenant: string, id: string): Promise<ReviewedOrphan> {
    const orphan = isUuid(id) ? await this.orphans.find(tx, tenant, id) : undefined;
    if (!orphan) throw notFound('SESSIONS_ORPHAN_UNKNOWN', 'There is no such message.');
    return orphan;
  }
}

export function sessionUnknown() {
  return notFound('SESSIONS_SESSION_UNKNOWN', 'There is no such session.');
}

function noteOf(text: string): string {
  const note = text.trim();
  if (note.length > MAX_NOTE)
    throw invalid('SESSIONS_REVIEW_NOTE', `A note has at most ${MAX_NOTE} characters.`);
  return note;
}
