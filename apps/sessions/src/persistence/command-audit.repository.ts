import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import { CommandAuditEntity } from './command-audit.entity.js';

export type NewCommandAudit = Omit<CommandAuditEntity, 'finishedAt' | 'outcome' | 'answer'>;

@Injectable()
export class CommandAuditRepository {
  /** The row of this key: the new one, or the one a request with the same key wrote before. */
  async begin(tx: Tx, audit: NewCommandAudit): Promise<{ audit: CommandAuditEntity; isNew: boolean }> {
    const rows = tx.manager.getRepository(CommandAuditEntity);
    const added = await rows
      .createQueryBuilder()
      .insert()
      .values({ ...audit, finishedAt: null, outcome: null, answer: null })
      .orIgnore()
      .returning('id')
      .execute();
    const isNew = (added.raw as unknown[]).length === 1;
    const { tenant, requestedBy, action, idempotencyKey } = audit;
    const held = await rows.findOneByOrFail({ tenant, requestedBy, action, idempotencyKey });
    return { audit: held, isNew };
  }

  async finish(
    tx: Tx,
    tenant: string,
    id: string,
    outcome: string,
    answer: object,
    now: Date,
  ): Promise<void> {
    await tx.manager
      .getRepository(CommandAuditEntity)
      .update({ tenant, id }, { outcome, answer, finishedAt: now });
  }
}
