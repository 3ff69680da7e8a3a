import { ResolveReference, Resolver } from '@nestjs/graphql';
import { Allow, batchLoad, type GraphqlContext } from '@kilowatch/platform';
import { ReadPlaces } from '../../usecases/read-places.js';
import { connectorNode, type ConnectorNode } from './nodes.js';
import { byId } from './place-loader.js';

@Resolver('Connector')
@Allow('stations:read')
export class ConnectorResolver {
  constructor(private readonly places: ReadPlaces) {}

  @ResolveReference()
  async reference({ id }: { id: string }, context: GraphqlContext): Promise<ConnectorNode | null> {
    const { principal } = context;
    if (!principal) return null;
    const view = await batchLoad(context, 'sessions.connector-reference', id, async (ids) =>
      byId(await this.places.connectors(principal, ids)),
    );
    return view ? connectorNode(view) : null;
  }
}
