import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { FRAME_LIMITS, isVersion2, type OcppVersion } from '@kilowatch/ocpp';
import { WebSocketServer, type WebSocket } from 'ws';

/** Bytes of the largest message; ws closes with 1009 beyond it, after inflation too. The parser takes as many of transactions alone. */
const MAX_PAYLOAD = FRAME_LIMITS.maxTransactionLength;
/** Some stacks cut every message into pieces of 512 bytes. */
const MAX_FRAGMENTS = 4_096;
const MAX_CHUNKS = 4_096;
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * RFC 7692 for 2.x, which recommends it: no context is kept between messages (64 KB a connection otherwise), small messages stay
 * as they are, and only so many are inflated at a time. It costs about seven times the CPU of plain frames: off by default.
 */
const DEFLATE = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: 12,
  clientMaxWindowBits: 12,
  threshold: 1_024,
  concurrencyLimit: 4,
  zlibDeflateOptions: { level: 3, memLevel: 6 },
} as const;

/** Completes WebSocket handshakes with the limits that hold for every charger. */
export class Handshakes {
  private readonly protocols = new WeakMap<IncomingMessage, string>();
  private readonly plain: WebSocketServer;
  private readonly compressing: WebSocketServer;

  constructor(compression: boolean) {
    this.plain = this.server(false);
    this.compressing = compression ? this.server(DEFLATE) : this.plain;
  }

  /** Calls back at once, or has refused the request; true when it called back. `subprotocol` null: none is echoed. */
  complete(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    agreed: { version: OcppVersion | undefined; subprotocol: string | null },
    opened: (ws: WebSocket) => void,
  ): boolean {
    if (agreed.subprotocol !== null) this.protocols.set(request, agreed.subprotocol);
    const mayCompress = agreed.version !== undefined && isVersion2(agreed.version);
    let open = false;
    (mayCompress ? this.compressing : this.plain).handleUpgrade(request, socket, head, (ws) => {
      open = true;
      opened(ws);
    });
    return open;
  }

  private server(perMessageDeflate: false | typeof DEFLATE): WebSocketServer {
    return new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate,
      maxPayload: MAX_PAYLOAD,
      maxFragments: MAX_FRAGMENTS,
      maxBufferedChunks: MAX_CHUNKS,
      closeTimeout: CLOSE_TIMEOUT_MS,
      handleProtocols: (_offered, request) => this.protocols.get(request) ?? false,
    } as ConstructorParameters<typeof WebSocketServer>[0]);
  }
}
