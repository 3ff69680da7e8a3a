import { ocppGateway } from '@kilowatch/contracts';
import { invalid, isUuid, unavailable, type IdSource } from '@kilowatch/kernel';
import { counter, tenantScope, type Database, type GrpcCall, type Logger } from '@kilowatch/platform';
import type { Station } from '../domain/station.js';
import type { StationConnectionRepository } from '../persistence/station-connection.repository.js';
import type { CommandPost } from './command-post.js';
import { ROUTED_COMMAND_VERSION } from './gateway-subjects.js';

/** RFC 6455 7.4.1, policy violation. */
const POLICY_VIOLATION = 1008;
const REASON = 'credentials revoked';
const TIMEOUT_MS = 5_000;

/** The socket as the end of its connection sees it. */
export interface Disconnectable {
  readonly station: Station;
  close(code: number, reason: string): void;
}

/**
 * Ends the live connection of a station whose credential counts no longer, on whatever pod it is. Only the connection that came with
 * this very credential: a station that has come with another one meanwhile stays. Repeating it changes nothing.
 */
export class DisconnectStation {
  constructor(
    private readonly database: Database,
    private readonly connections: StationConnectionRepository,
    private readonly post: CommandPost,
    private readonly ids: IdSource,
    private readonly log: Logger,
  ) {}

  /** Throws UNAVAILABLE when the pod with the socket did not say: ask again. */
  async run(
    request: ocppGateway.DisconnectRequest,
    { tenant }: GrpcCall,
  ): Promise<ocppGateway.DisconnectResponse> {
    const { stationId, credentialId } = request;
    if (!isUuid(stationId)) throw invalid('COMMAND_STATION', 'This is not the id of a station.');
    if (credentialId === '')
      throw invalid('COMMAND_CREDENTIAL', 'Say with which credential the station came.');
    const routed = ocppGateway.RoutedCommand.fromPartial({
      version: ROUTED_COMMAND_VERSION,
      tenant,
      commandId: this.ids.newId(),
      disconnect: request,
    });
    let tried: string | undefined;
    for (;;) {
      const connection = await this.database.read(tenantScope(tenant), (tx) =>
        this.connections.find(tx, tenant, stationId),
      );
      if (connection?.online !== true) return { disconnected: false };
      // Nobody listens for a connection that is written down as live: its pod is gone, or is about to write that it ended.
      if (connection.connectionId === tried) throw unanswered();
      tried = connection.connectionId;
      const answer = await this.post.disconnect(tried, routed, TIMEOUT_MS);
      if (answer === 'timeout') throw unanswered();
      if (answer !== 'nobody') return answer;
    }
  }

  /** At the pod that holds the socket. Undefined: the order is for somebody else. */
  end(
    target: Disconnectable,
    tenant: string,
    { stationId, credentialId, requestedBy }: ocppGateway.DisconnectRequest,
  ): ocppGateway.DisconnectResponse | undefined {
    const { station } = target;
    if (tenant !== station.tenant || stationId !== station.stationId) return undefined;
    if (credentialId !== station.credentialId) return { disconnected: false };
    const { connectionId, remoteIp } = station;
    this.log.warn(
      { audit: 'station_disconnected', tenant, stationId, connectionId, remoteIp, requestedBy },
      'connection ended: its credential counts no longer',
    );
    counter('kw_ocpp_refused_total').inc({ reason: 'credential_revoked' });
    target.close(POLICY_VIOLATION, REASON);
    return { disconnected: true };
  }
}

const unanswered = () =>
  unavailable('COMMAND_UNANSWERED', 'The end of the connection was not confirmed; ask again.');
