import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Opcodes of RFC 6455 section 5.2. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8 } as const;

const UPGRADE_TIMEOUT_MS = 15_000;

/** A frame as a client sends it; the mask is 0, so that the bytes stay readable. */
export function clientFrame(opcode: number, fin: boolean, payload: Buffer | string): Buffer {
  const body = Buffer.from(payload);
  return Buffer.concat([frameHead(opcode, fin, body.length), body]);
}

/** The head alone: it may promise more than ever comes. RFC 6455 section 5.2. */
export function frameHead(opcode: number, fin: boolean, length: number): Buffer {
  const first = (fin ? 0x80 : 0) | opcode;
  const mask = Buffer.alloc(4);
  if (length < 126) return Buffer.concat([Buffer.from([first, 0x80 | length]), mask]);
  const size = Buffer.alloc(length < 65_536 ? 2 : 8);
  if (size.length === 2) size.writeUInt16BE(length);
  else size.writeBigUInt64BE(BigInt(length));
  return Buffer.concat([Buffer.from([first, 0x80 | (size.length === 2 ? 126 : 127)]), size, mask]);
}

/** A peer of bare bytes, which does nothing that it is not told to: it answers neither pings nor closing. */
export class RawPeer {
  /** Text frames received, in order. */
  readonly texts: string[] = [];
  /** Of the close frame, once there was one. */
  closeCode: number | undefined;
  private unread = Buffer.alloc(0);
  private upgraded = false;
  private readonly arrived: (() => void)[] = [];

  private constructor(readonly socket: Socket) {
    // A reset is one of the ways to be sent away.
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('close', () => this.wake());
  }

  /** A TCP connection, and nothing said yet. */
  static async connect(port: number): Promise<RawPeer> {
    const socket = connect(port, '127.0.0.1');
    const peer = new RawPeer(socket);
    await once(socket, 'connect');
    return peer;
  }

  /** Upgraded as this station, without a password. @throws when it is not let in within 15 s */
  static async station(port: number, identity: string, subprotocol = 'ocpp1.6'): Promise<RawPeer> {
    const peer = await RawPeer.connect(port);
    peer.socket.write(
      `GET /ocpp/${identity} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${subprotocol}\r\n\r\n`,
    );
    if (!(await peer.until(() => peer.upgraded, UPGRADE_TIMEOUT_MS)))
      throw new Error(`${identity} was not let in: ${peer.unread.toString('latin1').split('\r\n')[0]}`);
    return peer;
  }

  get gone(): boolean {
    return this.socket.destroyed || this.socket.readableEnded;
  }

  send(text: string): void {
    this.socket.write(clientFrame(OPCODE.text, true, text));
  }

  /** Resolves with whether it came true in time, or false when the connection ended before. */
  async until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (!condition()) {
      const left = deadline - performance.now();
      if (left <= 0 || this.gone) return condition();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.arrived.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return true;
  }

  /** Resolves with whether the other side has ended the connection in time. */
  async sentAway(timeoutMs: number): Promise<boolean> {
    return (await this.until(() => this.gone || this.closeCode !== undefined, timeoutMs)) || this.gone;
  }

  destroy(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.unread = Buffer.concat([this.unread, chunk]);
    if (!this.upgraded) this.takeHead();
    if (this.upgraded) while (this.takeFrame());
    this.wake();
  }

  private takeHead(): void {
    const end = this.unread.indexOf('\r\n\r\n');
    if (end < 0 || !this.unread.toString('latin1', 0, end).startsWith('HTTP/1.1 101')) return;
    this.upgraded = true;
    this.unread = this.unread.subarray(end + 4);
  }

  /** Servers do not mask, and ours does not fragment. */
  private takeFrame(): boolean {
    const { unread } = this;
    if (unread.length < 2) return false;
    const short = unread[1]! & 0x7f;
    const at = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (unread.length < at) return false;
    const length =
      short === 126 ? unread.readUInt16BE(2) : short === 127 ? Number(unread.readBigUInt64BE(2)) : short;
    if (unread.length < at + length) return false;
    const payload = unread.subarray(at, at + length);
    const opcode = unread[0]! & 0x0f;
    if (opcode === OPCODE.text) this.texts.push(payload.toString());
    if (opcode === OPCODE.close) this.closeCode = length >= 2 ? payload.readUInt16BE() : 1005;
    this.unread = unread.subarray(at + length);
    return true;
  }

  private wake(): void {
    for (const resume of this.arrived.splice(0)) resume();
  }
}
