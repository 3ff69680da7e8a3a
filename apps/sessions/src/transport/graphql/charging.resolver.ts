import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type Principal } from '@kilowatch/platform';
import { StartSession, type StartInput } from '../../usecases/start-session.js';
import { StopSession, type StopInput } from '../../usecases/stop-session.js';
import { connectorNode, sessionNode, stationNode } from './nodes.js';

/** Starting and stopping by a person. */
@Resolver()
@Allow('sessions:write')
export class ChargingResolver {
  constructor(
    private readonly starting: StartSession,
    private readonly stopping: StopSession,
  ) {}

  @Mutation('startSession')
  async start(@Args('input') input: StartInput, @CurrentPrincipal() principal: Principal) {
    const result = await this.starting.start(principal, input);
    if (result.kind === 'refused') {
      return { __typename: 'StartRefused', reason: result.reason, message: result.message };
    }
    return {
      __typename: 'SessionRequested',
      requestId: result.requestId,
      station: stationNode(result.station),
      connector: connectorNode(result.connector),
    };
  }

  @Mutation('stopSession')
  async stop(@Args('input') input: StopInput, @CurrentPrincipal() principal: Principal) {
    const result = await this.stopping.stop(principal, input);
    return result.kind === 'refused'
      ? { __typename: 'StopRefused', reason: result.reason, message: result.message }
      : { __typename: 'StopRequested', session: sessionNode(result.session) };
  }
}
