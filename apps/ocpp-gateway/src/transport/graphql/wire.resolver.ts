import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import { ResolveQuarantined } from '../../usecases/resolve-quarantined.js';
import { ViewWire } from '../../usecases/view-wire.js';
import { toAttemptNode, toQuarantinedNode } from './nodes.js';

interface PageArgs<Filter> {
  readonly first: number;
  readonly after?: string;
  readonly filter?: Filter;
}

/** Connections and messages that went wrong, over all stations of the tenant. */
@Resolver()
@Allow('devices:read')
export class WireResolver {
  constructor(
    private readonly view: ViewWire,
    private readonly quarantine: ResolveQuarantined,
  ) {}

  @Query()
  async connectionAttempts(
    @Args() args: PageArgs<{ identity?: string; outcome?: string }>,
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['time', 'id']);
    const attempts = await this.view.attemptsOf(principal, page, args.filter ?? {});
    return connection(page, attempts, ({ at, attemptId }) => [at.toISOString(), attemptId], toAttemptNode);
  }

  @Query()
  async quarantinedFrames(
    @Args() args: PageArgs<{ stationId?: string; open?: boolean }>,
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['time', 'id']);
    const frames = await this.view.quarantined(principal, page, args.filter ?? {});
    return connection(
      page,
      frames,
      ({ receivedAt, frameId }) => [receivedAt.toISOString(), frameId],
      toQuarantinedNode,
    );
  }

  @Mutation()
  @Allow('devices:write')
  async replayQuarantinedFrame(
    @Args('input') input: { frameId: string; payload?: unknown },
    @CurrentPrincipal() principal: Principal,
  ) {
    return { frame: toQuarantinedNode(await this.quarantine.replay(principal, input)) };
  }

  @Mutation()
  @Allow('devices:write')
  async dismissQuarantinedFrame(
    @Args('input') input: { frameId: string; reason: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    return { frame: toQuarantinedNode(await this.quarantine.dismiss(principal, input)) };
  }
}
