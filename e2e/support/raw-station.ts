import { once } from 'node:events';
import { DEMO_STATION_PASSWORD } from '@kilowatch/tools/seed/demo-data';
import { waitFor } from '@kilowatch/testing';
import { WebSocket } from 'ws';

/** An OCPP 1.6 charger spoken by hand: for tests that need a session and not a charger. */
export class RawStation {
  private readonly answers = new Map<string, unknown[]>();
  private calls = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString('utf8')) as unknown[];
      if (frame[0] === 3) this.answers.set(String(frame[1]), frame);
    });
  }

  static async connect(ocppUrl: string, identity: string): Promise<RawStation> {
    const auth = `${identity}:${DEMO_STATION_PASSWORD}`;
    const socket = new WebSocket(`${ocppUrl}/${identity}`, ['ocpp1.6'], { auth });
    const station = new RawStation(socket);
    await once(socket, 'open');
    return station;
  }

  async call<T>(action: string, payload: object): Promise<T> {
    const id = `raw-${++this.calls}`;
    this.socket.send(JSON.stringify([2, id, action, payload]));
    const answer = await waitFor(`the answer to ${action}`, () => this.answers.get(id), {
      timeoutMs: 15_000,
    });
    return answer[2] as T;
  }

  /** Starts charging with a card; returns the transaction id. */
  async start(idTag: string, at: Date): Promise<number> {
    const started = await this.call<{ transactionId: number; idTagInfo: { status: string } }>(
      'StartTransaction',
      {
        connectorId: 1,
        idTag,
        meterStart: 0,
        timestamp: at.toISOString(),
      },
    );
    if (started.idTagInfo.status !== 'Accepted')
      throw new Error(`the card was refused: ${started.idTagInfo.status}`);
    return started.transactionId;
  }

  stop(transactionId: number, meterStop: number, at: Date): Promise<unknown> {
    return this.call('StopTransaction', {
      transactionId,
      meterStop,
      timestamp: at.toISOString(),
      reason: 'Local',
    });
  }

  close(): void {
    this.socket.close();
  }
}
