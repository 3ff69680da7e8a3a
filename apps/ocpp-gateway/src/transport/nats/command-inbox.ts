import { toAppError } from '@kilowatch/kernel';
import type { Logger, NatsLink } from '@kilowatch/platform';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { DeliverCommand } from '../../usecases/deliver-command.js';
import type { DisconnectStation } from '../../usecases/disconnect-station.js';
import { commandSubject, decodeCommand, encodeCommandResult } from '../../usecases/gateway-subjects.js';
import type { StationSocket } from '../ws/station-socket.js';

/** One subject for each connection of this pod: no listener means, for sure and at once, that the charger is not here. */
export class CommandInbox {
  private readonly subscriptions = new Map<string, Subscription | undefined>();

  constructor(
    private readonly nats: NatsLink,
    private readonly deliver: DeliverCommand,
    private readonly disconnect: DisconnectStation,
    private readonly log: Logger,
  ) {}

  open(socket: StationSocket): void {
    const { connectionId } = socket.station;
    this.subscriptions.set(connectionId, undefined);
    if (this.nats.connected) return this.subscribe(socket);
    // NATS is not there yet: chargers are served all the same, commands wait.
    this.nats.ready().then(
      () => this.subscriptions.has(connectionId) && this.subscribe(socket),
      (err: unknown) => this.log.debug({ err }, 'no commands: NATS is closed'),
    );
  }

  close(connectionId: string): void {
    this.subscriptions.get(connectionId)?.unsubscribe();
    this.subscriptions.delete(connectionId);
  }

  private subscribe(socket: StationSocket): void {
    const { connectionId } = socket.station;
    const subscription = this.nats.now().subscribe(commandSubject(connectionId), {
      callback: (error, message) => {
        if (error) this.log.warn({ err: error, connectionId }, 'command subject failed');
        else void this.serve(socket, message);
      },
    });
    this.subscriptions.set(connectionId, subscription);
  }

  private async serve(socket: StationSocket, message: Msg): Promise<void> {
    try {
      const routed = decodeCommand(message.data);
      if (routed.disconnect) {
        const disconnected = this.disconnect.end(socket, routed.tenant, routed.disconnect);
        if (disconnected) message.respond(encodeCommandResult({ disconnected }));
        return;
      }
      const traceparent = message.headers?.get('traceparent');
      const response = await this.deliver.deliver(socket, routed, traceparent || undefined);
      message.respond(encodeCommandResult({ response }));
    } catch (thrown) {
      // No answer: the sender's outcome is "unknown", which is what it is.
      this.log.error(
        { err: toAppError(thrown), connectionId: socket.station.connectionId },
        'command failed',
      );
    }
  }
}
