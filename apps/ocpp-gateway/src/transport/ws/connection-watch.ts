import type { Clock } from '@kilowatch/kernel';
import { gauge, type Logger } from '@kilowatch/platform';
import type { GatewayConfig } from '../../config.js';
import type { CareForStation } from '../../usecases/care-for-station.js';
import type { ConnectionOwnership } from '../../usecases/connection-ownership.js';
import type { ReadingBatcher } from '../../usecases/reading-batcher.js';
import type { StationDeviations } from '../../usecases/station-deviations.js';
import type { SocketRegistry } from './socket-registry.js';
import type { StationSocket } from './station-socket.js';

const ROUND_MS = 30_000;
/** Rounds that must have gone well before others are declared lost: after an outage everybody's last sign of life is old. */
const CALM_ROUNDS = 3;
const REPLACED = 1008;
/** Deviations are written every tenth round: nobody looks for them within the minute. */
const DEVIATION_ROUNDS = 10;

/**
 * Every 30 s for all sockets together: notes who was heard (one UPDATE), now and then how they left the specification, closes sockets that turn out to be replaced, looks for
 * connections whose process is gone, and asks chargers that do not behave for a sign of life.
 */
export class ConnectionWatch {
  private timer: NodeJS.Timeout | undefined;
  private firstSearch: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private calmRounds = 0;
  private searching = false;
  private rounds = 0;

  constructor(
    private readonly registry: SocketRegistry<StationSocket>,
    private readonly ownership: ConnectionOwnership,
    private readonly config: GatewayConfig,
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly readings: Pick<ReadingBatcher, 'queuedSets'>,
    private readonly care: Pick<CareForStation, 'look'>,
    private readonly deviations: Pick<StationDeviations, 'write'>,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.round(), ROUND_MS);
    // Chargers of our former process come back within the grace time; the others are gone.
    this.firstSearch = setTimeout(() => {
      this.searching = true;
      void this.search();
    }, this.config.KW_OCPP_RETURN_GRACE_SECONDS * 1000);
  }

  stop(): void {
    clearInterval(this.timer);
    clearTimeout(this.firstSearch);
  }

  /** One round at a time: a slow database must not pile them up. */
  round(): Promise<void> {
    this.running ??= this.work().finally(() => (this.running = undefined));
    return this.running;
  }

  private async work(): Promise<void> {
    this.measure();
    this.look();
    try {
      await this.ownership.retryReleases();
      await this.touch();
      this.calmRounds++;
      if (++this.rounds % DEVIATION_ROUNDS === 0) await this.deviations.write();
    } catch (err) {
      this.calmRounds = 0;
      this.log.warn({ err }, 'connections not noted');
      return;
    }
    if (this.searching && this.calmRounds >= CALM_ROUNDS) await this.search();
  }

  private async touch(): Promise<void> {
    const seen = [...this.registry.all()].map(({ station, lastTrafficAt }) => ({
      tenant: station.tenant,
      stationId: station.stationId,
      connectionId: station.connectionId,
      generation: station.generation,
      at: new Date(lastTrafficAt),
    }));
    const lost = await this.ownership.touch(seen);
    for (const { tenant, stationId, connectionId } of lost) {
      const socket = this.registry.find(tenant, stationId);
      if (socket?.station.connectionId === connectionId)
        socket.close(REPLACED, 'replaced by a newer connection');
    }
  }

  private async search(): Promise<void> {
    const { KW_OCPP_ABSENT_SECONDS: absent, KW_OCPP_RETURN_GRACE_SECONDS: own } = this.config;
    try {
      const lost = await this.ownership.markLost(absent * 1000, own * 1000);
      if (lost > 0) this.log.warn({ lost, at: this.clock.now() }, 'lost connections marked');
    } catch (err) {
      this.log.warn({ err }, 'lost connections not looked for');
    }
  }

  /** What a charger is asked takes its time: the round does not wait for it. */
  private look(): void {
    for (const socket of this.registry.all()) {
      this.care
        .look(socket)
        .catch((err: unknown) =>
          this.log.warn({ err, stationId: socket.station.stationId }, 'no care given'),
        );
    }
  }

  private measure(): void {
    let queued = 0;
    for (const socket of this.registry.all()) queued += socket.queued;
    gauge('kw_ocpp_queue_length').set({ queue: 'calls' }, queued);
    gauge('kw_ocpp_queue_length').set({ queue: 'readings' }, this.readings.queuedSets);
  }
}
