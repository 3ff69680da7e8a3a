import type { ocppGateway } from '@kilowatch/contracts';
import { currentTraceparent, type NatsLink } from '@kilowatch/platform';
import { NoRespondersError, RequestError, headers, type MsgHdrs } from '@nats-io/transport-node';
import { commandSubject, decodeCommandResult, encodeCommand } from './gateway-subjects.js';

/** The pod needs a moment beyond the charger's own time. */
const GRACE_MS = 2_000;

/** Carries a command to the pod that holds the connection. */
export class CommandPost {
  constructor(private readonly nats: NatsLink) {}

  /**
   * `nobody`: certain, nothing was delivered. `timeout`: it may have been. Throws UNAVAILABLE when NATS is away: nothing was
   * sent then either.
   */
  async request(
    connectionId: string,
    command: ocppGateway.RoutedCommand,
    timeoutMs: number,
  ): Promise<ocppGateway.SendResponse | 'nobody' | 'timeout'> {
    const answer = await this.carry(connectionId, command, timeoutMs + GRACE_MS);
    return typeof answer === 'string' ? answer : (answer.response ?? 'timeout');
  }

  /** As `request`, of an order to end the connection. */
  async disconnect(
    connectionId: string,
    command: ocppGateway.RoutedCommand,
    timeoutMs: number,
  ): Promise<ocppGateway.DisconnectResponse | 'nobody' | 'timeout'> {
    const answer = await this.carry(connectionId, command, timeoutMs);
    return typeof answer === 'string' ? answer : (answer.disconnected ?? 'timeout');
  }

  private async carry(
    connectionId: string,
    command: ocppGateway.RoutedCommand,
    timeout: number,
  ): Promise<ocppGateway.RoutedCommandResult | 'nobody' | 'timeout'> {
    const connection = this.nats.now();
    const options = { timeout, headers: traceHeaders() };
    try {
      const answer = await connection.request(commandSubject(connectionId), encodeCommand(command), options);
      return decodeCommandResult(answer.data);
    } catch (error) {
      if (isNobody(error)) return 'nobody';
      // No answer in time, or the connection broke while we waited: whether the request arrived is not known.
      return 'timeout';
    }
  }
}

function isNobody(error: unknown): boolean {
  return error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders());
}

function traceHeaders(): MsgHdrs {
  const carried = headers();
  const traceparent = currentTraceparent();
  if (traceparent !== undefined) carried.set('traceparent', traceparent);
  return carried;
}
