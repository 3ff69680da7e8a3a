import { metering } from '@kilowatch/contracts';
import { Secret, unavailable } from '@kilowatch/kernel';
import { createLogger, GrpcServer, ServiceTokens, systemClock } from '@kilowatch/platform';
import { RIG_SERVICE_SECRET } from '@kilowatch/testing';

interface Register {
  readonly at: Date;
  readonly mwh: number;
}

/** Metering in this process, behind real gRPC: the energy of running sessions is what their registers have in between. */
export class PlayedMetering {
  readonly asked: string[][] = [];
  isAway = false;
  private readonly registers = new Map<string, Register[]>();

  private constructor(
    private readonly server: GrpcServer,
    private port = 0,
  ) {}

  static async start(): Promise<PlayedMetering> {
    const secret = new Secret(RIG_SERVICE_SECRET);
    const tokens = new ServiceTokens({ service: 'metering', secret, clock: systemClock });
    const logger = createLogger({ service: 'metering', level: 'fatal' });
    const server = new GrpcServer({ tokens, clock: systemClock, logger });
    const played = new PlayedMetering(server);
    server.add(metering.MeteringServiceService, {
      recordReadings: async () => ({ stored: 0, duplicates: 0 }),
      tellEnergySoFar: async ({ sessionIds }: metering.TellEnergySoFarRequest) => played.tell(sessionIds),
    });
    played.port = await server.listen('127.0.0.1', 0);
    return played;
  }

  get env(): Record<string, string> {
    return { KW_METERING_GRPC_URL: `127.0.0.1:${this.port}` };
  }

  /** In order of time. */
  reading(sessionId: string, at: Date, mwh: number): void {
    const held = this.registers.get(sessionId) ?? [];
    this.registers.set(sessionId, [...held, { at, mwh }]);
  }

  close(): Promise<void> {
    return this.server.close(0);
  }

  private tell(sessionIds: readonly string[]): metering.TellEnergySoFarResponse {
    this.asked.push([...sessionIds]);
    if (this.isAway) throw unavailable('METERING_AWAY', 'Metering is away.');
    const known = sessionIds.filter((id) => this.registers.has(id));
    return {
      sessions: known.map((sessionId) => {
        const registers = this.registers.get(sessionId)!;
        const intervals = registers.slice(1).map(({ at, mwh }, index) => ({
          from: registers[index]!.at,
          to: at,
          energyMwh: mwh - registers[index]!.mwh,
        }));
        const energyMwh = intervals.reduce((sum, interval) => sum + interval.energyMwh, 0);
        return metering.SessionMetered.fromPartial({ sessionId, energyMwh, intervals });
      }),
    };
  }
}
