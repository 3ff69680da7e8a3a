import { Args, Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { isUuid } from '@kilowatch/kernel';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  may,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { ViewSetup } from '../../usecases/view-setup.js';
import { ViewWire, type FrameFilter } from '../../usecases/view-wire.js';
import {
  toAttemptNode,
  toCommandNode,
  toConnectionNode,
  toDeviationNode,
  toFrameNode,
  toNoticeNode,
} from './nodes.js';

interface StationReference {
  readonly id: string;
  readonly identity?: string;
}

interface PageArgs {
  readonly first: number;
  readonly after?: string;
}

/** The gateway's part of a Station: for the tenant's operators; drivers see nothing of it. */
@Resolver('Station')
@Allow('stations:read')
export class StationResolver {
  constructor(
    private readonly view: ViewWire,
    private readonly setup: ViewSetup,
  ) {}

  @ResolveReference()
  reference(reference: StationReference): StationReference | null {
    return isUuid(reference.id) ? reference : null;
  }

  @ResolveField('connection')
  async connectionState(@Parent() station: StationReference, @Context() context: GraphqlContext) {
    const { principal } = context;
    if (!principal || !may(principal, 'devices:read')) return null;
    const state = await batchLoad(context, 'gateway.connection', station.id, (ids) =>
      this.view.connectionsOf(principal, ids),
    );
    return state ? toConnectionNode(state) : null;
  }

  @ResolveField()
  async deviations(@Parent() station: StationReference, @Context() context: GraphqlContext) {
    const { principal } = context;
    if (!principal || !may(principal, 'devices:read')) return null;
    const counts = await batchLoad(context, 'gateway.deviations', station.id, (ids) =>
      this.view.deviationsOf(principal, ids),
    );
    return (counts ?? []).map(toDeviationNode);
  }

  @ResolveField()
  async setupFields(@Parent() station: StationReference, @CurrentPrincipal() principal: Principal) {
    if (!may(principal, 'devices:read') || !station.identity) return null;
    return this.setup.fieldsOf(principal, station.id, station.identity);
  }

  @ResolveField()
  async connectionAttempts(
    @Parent() station: StationReference,
    @Args() args: PageArgs,
    @CurrentPrincipal() principal: Principal,
  ) {
    if (!may(principal, 'devices:read') || !station.identity) return null;
    const page = pageRequest(args, ['time', 'id']);
    const attempts = await this.view.attemptsOf(principal, page, { identity: station.identity });
    return connection(page, attempts, ({ at, attemptId }) => [at.toISOString(), attemptId], toAttemptNode);
  }

  @ResolveField()
  async frames(
    @Parent() station: StationReference,
    @Args() args: PageArgs & { filter?: FrameFilter; newestFirst?: boolean },
    @CurrentPrincipal() principal: Principal,
  ) {
    if (!may(principal, 'devices:read')) return null;
    const page = pageRequest(args, ['bigint']);
    const newestFirst = args.newestFirst ?? true;
    const frames = await this.view.framesOf(principal, station.id, page, args.filter ?? {}, newestFirst);
    return connection(page, frames, ({ no }) => [no], toFrameNode);
  }

  @ResolveField()
  async commands(
    @Parent() station: StationReference,
    @Args() args: PageArgs,
    @CurrentPrincipal() principal: Principal,
  ) {
    if (!may(principal, 'devices:read')) return null;
    const page = pageRequest(args, ['time', 'id']);
    const commands = await this.view.commandsOf(principal, station.id, page);
    return connection(
      page,
      commands,
      ({ requestedAt, commandId }) => [requestedAt.toISOString(), commandId],
      toCommandNode,
    );
  }

  @ResolveField()
  async notices(
    @Parent() station: StationReference,
    @Args() args: PageArgs,
    @CurrentPrincipal() principal: Principal,
  ) {
    if (!may(principal, 'devices:read')) return null;
    const page = pageRequest(args, ['time', 'id']);
    const notices = await this.view.noticesOf(principal, station.id, page);
    return connection(
      page,
      notices,
      (notice) => [notice.received_at.toISOString(), notice.notice_id],
      toNoticeNode,
    );
  }
}
