import { Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { isUuid } from '@kilowatch/kernel';
import { Allow, batchLoad, type GraphqlContext } from '@kilowatch/platform';
import { ViewAlerts } from '../../usecases/view-alerts.js';
import { toAlertNode } from './alert.resolver.js';

/** Notifications' part of a Session; null for a session the person may not see. */
@Resolver('Session')
@Allow('alerts:read')
export class SessionResolver {
  constructor(private readonly view: ViewAlerts) {}

  @ResolveReference()
  async reference(reference: { id: string }, context: GraphqlContext): Promise<{ id: string } | null> {
    const { principal } = context;
    if (!principal || !isUuid(reference.id)) return null;
    const visible = await batchLoad(context, 'notifications.session', reference.id, (ids) =>
      this.view.visibleSessions(principal, ids),
    );
    return visible ? { id: reference.id } : null;
  }

  @ResolveField()
  async alerts(@Parent() session: { id: string }, @Context() context: GraphqlContext) {
    const principal = context.principal!;
    const found = await batchLoad(context, 'notifications.session-alerts', session.id, (ids) =>
      this.view.ofSessions(principal, ids),
    );
    return (found ?? []).map(toAlertNode);
  }
}
