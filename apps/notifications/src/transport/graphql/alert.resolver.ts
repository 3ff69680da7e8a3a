import {
  Args,
  Context,
  Mutation,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { isUuid, notFound } from '@kilowatch/kernel';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import type { AlertPreference } from '../../domain/preference.js';
import { ChoosePreference } from '../../usecases/choose-preference.js';
import { MarkAlertRead } from '../../usecases/mark-alert-read.js';
import { ViewAlerts, type AlertView } from '../../usecases/view-alerts.js';

@Resolver('Alert')
@Allow('alerts:read')
export class AlertResolver {
  constructor(
    private readonly view: ViewAlerts,
    private readonly markRead: MarkAlertRead,
    private readonly preferences: ChoosePreference,
  ) {}

  @Query()
  async alerts(
    @Args() args: { first: number; after?: string; unreadOnly?: boolean },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const { rows, unread } = await this.view.list(principal, {
      ...page,
      unreadOnly: args.unreadOnly ?? false,
    });
    return { ...connection(page, rows, (alert) => [alert.id], toAlertNode), unreadCount: unread };
  }

  @Query()
  async alert(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    const alert = isUuid(id) ? await this.view.find(principal, id) : undefined;
    if (!alert) throw notFound('NOTIFICATIONS_ALERT', 'There is no such alert.');
    return toAlertNode(alert);
  }

  @Query()
  alertPreferences(@CurrentPrincipal() principal: Principal): Promise<AlertPreference[]> {
    return this.preferences.list(principal);
  }

  @Mutation()
  @Allow('alerts:write')
  async markAlertRead(@Args('input') input: { alertId: string }, @CurrentPrincipal() principal: Principal) {
    if (!isUuid(input.alertId)) throw notFound('NOTIFICATIONS_ALERT', 'There is no such alert.');
    return { alert: toAlertNode(await this.markRead.run(principal, input.alertId)) };
  }

  @Mutation()
  @Allow('alerts:write')
  async setAlertPreference(@Args('input') input: AlertPreference, @CurrentPrincipal() principal: Principal) {
    return { preferences: await this.preferences.choose(principal, input) };
  }

  @ResolveReference()
  async reference(reference: { id: string }, context: GraphqlContext) {
    const { principal } = context;
    if (!principal || !isUuid(reference.id)) return null;
    const alert = await this.view.find(principal, reference.id);
    return alert ? toAlertNode(alert) : null;
  }

  @ResolveField()
  async deliveries(@Parent() alert: { id: string }, @Context() context: GraphqlContext) {
    const principal = context.principal!;
    const found = await batchLoad(context, 'notifications.deliveries', alert.id, (ids) =>
      this.view.deliveries(principal, ids),
    );
    return found ?? [];
  }
}

export function toAlertNode(alert: AlertView) {
  const { id, kind, severity, title, body, raisedAt, readAt, sessionId, stationId } = alert;
  return {
    id,
    kind,
    severity,
    title,
    body,
    raisedAt,
    readAt: readAt ?? null,
    session: sessionId ? { id: sessionId } : null,
    station: stationId ? { id: stationId } : null,
  };
}
