import { ocppGateway } from '@kilowatch/contracts';
import { conflict, Secret, unavailable } from '@kilowatch/kernel';
import { GrpcServer, ServiceTokens, systemClock, type GrpcCall, type Logger } from '@kilowatch/platform';
import { RIG_SERVICE_SECRET } from '@kilowatch/testing';

type Behaviour = 'ACCEPT' | 'REJECT' | 'OFFLINE' | 'UNKNOWN' | 'GATEWAY_AWAY' | 'KEY_REUSED' | 'HANG';

const OUTCOMES = {
  ACCEPT: ocppGateway.CommandOutcome.COMMAND_OUTCOME_ACCEPTED,
  REJECT: ocppGateway.CommandOutcome.COMMAND_OUTCOME_REJECTED,
  OFFLINE: ocppGateway.CommandOutcome.COMMAND_OUTCOME_OFFLINE,
  UNKNOWN: ocppGateway.CommandOutcome.COMMAND_OUTCOME_UNKNOWN,
} as const;

/** The gateway's command port on a real gRPC server, with the chargers behind it: it keeps keys as the real one does. */
export class FakeGateway {
  readonly sent: (ocppGateway.SendRequest & { tenant: string })[] = [];
  /** Limit each station holds, dA; absent: none. */
  readonly limits = new Map<string, number>();
  private readonly behaviours = new Map<string, Behaviour>();
  private readonly outcomes = new Map<string, ocppGateway.CommandOutcome>();
  private readonly released: (() => void)[] = [];

  private constructor(private readonly server: GrpcServer) {}

  static async start(): Promise<{ gateway: FakeGateway; url: string }> {
    const quiet = { error() {}, warn() {}, debug() {}, info() {} } as unknown as Logger;
    const secret = new Secret(RIG_SERVICE_SECRET);
    const tokens = new ServiceTokens({ service: 'ocpp-gateway', secret, clock: systemClock });
    const server = new GrpcServer({ tokens, clock: systemClock, logger: quiet });
    const fake = new FakeGateway(server);
    server.add(ocppGateway.CommandServiceService, {
      send: fake.send.bind(fake),
      disconnect: async () => ({ disconnected: false }),
    });
    return { gateway: fake, url: `127.0.0.1:${await server.listen('127.0.0.1', 0)}` };
  }

  behave(stationId: string, behaviour: Behaviour): void {
    this.behaviours.set(stationId, behaviour);
  }

  /** Lets the chargers that hang answer. */
  release(): void {
    this.behaviours.clear();
    for (const go of this.released.splice(0)) go();
  }

  sentTo(stationId: string): (ocppGateway.SendRequest & { tenant: string })[] {
    return this.sent.filter((request) => request.stationId === stationId);
  }

  close(): Promise<void> {
    return this.server.close(100);
  }

  private async send(request: ocppGateway.SendRequest, call: GrpcCall): Promise<ocppGateway.SendResponse> {
    this.sent.push({ ...request, tenant: call.tenant });
    const behaviour = this.behaviours.get(request.stationId) ?? 'ACCEPT';
    if (behaviour === 'GATEWAY_AWAY') throw unavailable('COMMAND_NOT_ROUTED', 'Nothing was sent.');
    if (behaviour === 'KEY_REUSED') throw conflict('COMMAND_KEY_REUSED', 'For another command.');
    if (behaviour === 'HANG') await new Promise<void>((resolve) => this.released.push(resolve));
    const stored = this.outcomes.get(request.idempotencyKey);
    const outcome = stored ?? OUTCOMES[behaviour === 'HANG' ? 'ACCEPT' : behaviour];
    this.outcomes.set(request.idempotencyKey, outcome);
    if (stored === undefined && outcome === OUTCOMES.ACCEPT) this.apply(request);
    return ocppGateway.SendResponse.fromPartial({ outcome, commandId: request.idempotencyKey });
  }

  private apply(request: ocppGateway.SendRequest): void {
    const { setChargingProfile: profile } = request;
    if (profile) this.limits.set(request.stationId, profile.limitDeciampere);
    else this.limits.delete(request.stationId);
  }
}
