import { ocppGateway } from '@kilowatch/contracts';
import { Secret } from '@kilowatch/kernel';
import { createLogger, GrpcServer, ServiceTokens, systemClock } from '@kilowatch/platform';
import { RIG_SERVICE_SECRET } from '@kilowatch/testing';

/** The gateway's command port in this process, behind real gRPC. */
export class PlayedCommands {
  sent: ocppGateway.SendRequest[] = [];
  outcome = ocppGateway.CommandOutcome.COMMAND_OUTCOME_ACCEPTED;
  errorCode = '';

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
      send: async (request: ocppGateway.SendRequest) => {
        commands.sent.push(request);
        const { outcome, errorCode } = commands;
        return ocppGateway.SendResponse.fromPartial({ outcome, errorCode });
      },
      disconnect: async () => ({ disconnected: false }),
    });
    commands.port = await server.listen('127.0.0.1', 0);
    return commands;
  }

  get env(): Record<string, string> {
    return { KW_OCPP_GATEWAY_GRPC_URL: `127.0.0.1:${this.port}` };
  }

  reset(): void {
    this.sent = [];
    this.outcome = ocppGateway.CommandOutcome.COMMAND_OUTCOME_ACCEPTED;
    this.errorCode = '';
  }

  close(): Promise<void> {
    return this.server.close(0);
  }
}
