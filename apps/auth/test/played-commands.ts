import { ocppGateway } from '@kilowatch/contracts';
import { Secret } from '@kilowatch/kernel';
import { createLogger, GrpcServer, ServiceTokens, systemClock, type GrpcCall } from '@kilowatch/platform';
import { RIG_SERVICE_SECRET } from '@kilowatch/testing';

const { CommandOutcome } = ocppGateway;
type Sent = ocppGateway.SendRequest & { readonly tenant: string };
type Answer = Partial<ocppGateway.SendResponse>;

/** The gateway's command port in this process, behind real gRPC, with the stations behind it; it keeps keys as the real one does. */
export class PlayedCommands {
  /** What reached a station: a repeated key does not. */
  sent: Sent[] = [];
  /** What stations answer; a throw is an error of the gateway. */
  answer: (request: Sent) => Answer | Promise<Answer> = accepted;
  /** Orders to end a connection. */
  ended: (ocppGateway.DisconnectRequest & { readonly tenant: string })[] = [];
  /** Whether a connection of the credential was there; a throw is an error of the gateway. */
  endsIt: () => boolean = () => true;
  private readonly stored = new Map<string, ocppGateway.SendResponse>();

  private constructor(
    private readonly server: GrpcServer,
    private port = 0,
  ) {}

  static async start(): Promise<PlayedCommands> {
    const secret = new Secret(RIG_SERVICE_SECRET);
    const tokens = new ServiceTokens({ service: 'ocpp-gateway', secret, clock: systemClock });
    const logger = createLogger({ service: 'ocpp-gateway', level: 'fatal' });
    const server = new GrpcServer({ tokens, clock: systemClock, logger });
    const commands = new PlayedCommands(server);
    server.add(ocppGateway.CommandServiceService, {
      send: (request: ocppGateway.SendRequest, call: GrpcCall) =>
        commands.send({ ...request, tenant: call.tenant }),
      disconnect: async (request: ocppGateway.DisconnectRequest, call: GrpcCall) => {
        commands.ended.push({ ...request, tenant: call.tenant });
        return { disconnected: commands.endsIt() };
      },
    });
    commands.port = await server.listen('127.0.0.1', 0);
    return commands;
  }

  get env(): Record<string, string> {
    return { KW_OCPP_GATEWAY_GRPC_URL: `127.0.0.1:${this.port}` };
  }

  sentTo(stationId: string): Sent[] {
    return this.sent.filter((request) => request.stationId === stationId);
  }

  reset(): void {
    this.sent = [];
    this.ended = [];
    this.endsIt = () => true;
    this.answer = accepted;
  }

  close(): Promise<void> {
    return this.server.close(0);
  }

  private async send(request: Sent): Promise<ocppGateway.SendResponse> {
    const key = `${request.tenant}/${request.idempotencyKey}`;
    const held = this.stored.get(key);
    if (held) return held;
    this.sent.push(request);
    const answer = ocppGateway.SendResponse.fromPartial({ commandId: key, ...(await this.answer(request)) });
    this.stored.set(key, answer);
    return answer;
  }
}

const accepted = (): Answer => answered('Accepted');

/** What the gateway makes of the status word of a station. */
export function answered(status: string, payload: object = { status }): Answer {
  const outcome =
    status === 'Accepted' ? CommandOutcome.COMMAND_OUTCOME_ACCEPTED : CommandOutcome.COMMAND_OUTCOME_REJECTED;
  return { outcome, status, payloadJson: JSON.stringify(payload) };
}
