import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { OcppSocket, ServiceRig, type Answer, type Frame, type Payload } from '@kilowatch/testing';
import { configShape } from '../src/config.js';
import { framesOf, type StoredPage, type WireFrame } from '../src/domain/trace-page.js';
import { ocppGatewayService } from '../src/ocpp-gateway.module.js';
import { Gateway } from '../src/transport/ws/gateway.js';
import { Peers, type KnownStation } from './peers.js';

export interface ConnectOptions {
  readonly subprotocols?: readonly string[];
  readonly password?: string;
  readonly onCall?: (action: string, payload: Payload) => Answer;
  readonly onFrame?: (direction: 'sent' | 'received', frame: Frame) => void;
  readonly port?: number;
}

/** The gateway on a real Postgres and NATS, its peers played, chargers by real sockets. */
export class GatewayRig {
  private constructor(
    readonly rig: ServiceRig,
    readonly peers: Peers,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<GatewayRig> {
    const peers = await Peers.start();
    const rig = await ServiceRig.start({
      service: ocppGatewayService,
      shape: configShape,
      env: { KW_OCPP_PORT: '0', KW_DRAIN_SECONDS: '1', KW_POD_ID: 'pod-a', ...peers.env, ...env },
    });
    return new GatewayRig(rig, peers);
  }

  get gateway(): Gateway {
    return this.rig.running.get(Gateway);
  }

  /** A station that auth knows from now on, with an identity of its own. */
  provision(over: Partial<KnownStation> = {}): KnownStation & { identity: string } {
    const station = { stationId: randomUUID(), ...over, identity: `CP-${randomUUID().slice(0, 8)}` };
    this.peers.stations.set(station.identity.toLowerCase(), station);
    return station;
  }

  connect(
    station: { identity: string; password?: string },
    options: ConnectOptions = {},
  ): Promise<OcppSocket> {
    const {
      subprotocols = ['ocpp1.6'],
      onFrame,
      onCall = () => ({ result: { status: 'Accepted' } }),
    } = options;
    const password = options.password ?? station.password;
    return OcppSocket.open({
      url: `ws://127.0.0.1:${options.port ?? this.gateway.port}/ocpp/${station.identity}`,
      identity: station.identity,
      subprotocols,
      ...(password === undefined ? {} : { password }),
      answerTimeoutMs: 10_000,
      newId: randomUUID,
      onCall,
      ...(onFrame ? { onFrame } : {}),
    });
  }

  /** The plain HTTP answer to a handshake that is refused. */
  handshake(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: IncomingMessage['headers'] }> {
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        port: this.gateway.port,
        host: '127.0.0.1',
        path,
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'Sec-WebSocket-Protocol': 'ocpp1.6',
          ...headers,
        },
      });
      const done = (response: IncomingMessage) =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers });
      request.on('response', (response) => {
        response.resume();
        done(response);
      });
      request.on('upgrade', (response, socket) => {
        socket.destroy();
        done(response);
      });
      request.on('error', reject);
      request.end();
    });
  }

  /** What the trace has kept of a station so far, as it stands in the database: before any search, any right. */
  async traced(stationId: string): Promise<WireFrame[]> {
    const pages = await this.rig.sql<StoredPage>(
      `SELECT tenant, station_id AS "stationId", connection_id AS "connectionId", packed, frames FROM wire_page
       WHERE station_id = $1 ORDER BY last_no`,
      [stationId],
    );
    return (await Promise.all(pages.map(framesOf))).flat();
  }

  async close(): Promise<void> {
    await this.rig.close();
    await this.peers.stop();
  }
}

/** Every frame that a socket receives, as it comes. */
export function recorder(): {
  frames: Frame[];
  onFrame: (direction: 'sent' | 'received', frame: Frame) => void;
} {
  const frames: Frame[] = [];
  return { frames, onFrame: (direction, frame) => void (direction === 'received' && frames.push(frame)) };
}
