import { Args, Query, Resolver } from '@nestjs/graphql';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import { AuditLog, type AuditEntry } from '../../usecases/audit-log.js';

interface FilterInput {
  readonly actorId?: string | null;
  readonly targetKind?: string | null;
  readonly targetId?: string | null;
  readonly action?: string | null;
  readonly since?: Date | null;
  readonly until?: Date | null;
}

@Resolver('AuditEntry')
export class AuditResolver {
  constructor(private readonly log: AuditLog) {}

  @Query()
  @Allow('audit:read')
  async auditLog(
    @Args() args: { first: number; after?: string; filter?: FilterInput | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const { actorId, targetKind, targetId, action, since, until } = args.filter ?? {};
    const rows = await this.log.list(principal, page, {
      actorId: actorId ?? undefined,
      targetKind: targetKind ?? undefined,
      targetId: targetId ?? undefined,
      action: action ?? undefined,
      since: since ?? undefined,
      until: until ?? undefined,
    });
    return connection(page, rows, (entry) => [entry.id], toNode);
  }
}

function toNode({ by, target, ...entry }: AuditEntry) {
  return {
    id: entry.id,
    occurredAt: entry.occurredAt,
    actorKind: by.kind,
    actorId: by.id || null,
    address: by.address ?? null,
    action: entry.action,
    targetKind: target.kind,
    targetId: target.id,
    reason: entry.reason,
    details: entry.details,
  };
}
