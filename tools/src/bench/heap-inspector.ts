import { waitFor } from '@kilowatch/testing';
import { WebSocket } from 'ws';

/** What a Node process holds once its garbage is collected, in bytes. */
export interface HeapUse {
  readonly heapUsed: number;
  /** Outside V8's heap, buffers included. */
  readonly external: number;
}

interface Reply {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: unknown } };
  readonly error?: { readonly message: string };
}

/**
 * Looks into a Node process that was started with `--inspect-port=PORT`: the inspector sleeps there until SIGUSR1 wakes it, so a
 * process that is not looked into does not know it is there. No service has an endpoint for this.
 */
export class HeapInspector {
  private lastId = 0;
  private readonly waiting = new Map<number, (reply: Reply) => void>();

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => {
      const reply = JSON.parse(String(data)) as Reply;
      if (reply.id !== undefined) this.waiting.get(reply.id)?.(reply);
    });
    socket.on('error', () => undefined);
  }

  /** Wakes the inspector of the process and connects. @throws when it does not listen within ten seconds */
  static async attach(pid: number, port: number): Promise<HeapInspector> {
    process.kill(pid, 'SIGUSR1');
    const url = await waitFor(`the inspector of process ${pid}`, async () => {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`);
      const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
      return target?.webSocketDebuggerUrl;
    });
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    return new HeapInspector(socket);
  }

  /** Collects twice: what finalisers let go in the first round is gone after the second. */
  async collected(): Promise<HeapUse> {
    await this.ask('HeapProfiler.collectGarbage');
    await this.ask('HeapProfiler.collectGarbage');
    const reply = await this.ask('Runtime.evaluate', {
      expression: 'process.memoryUsage()',
      returnByValue: true,
    });
    return reply.result?.result?.value as HeapUse;
  }

  close(): void {
    this.socket.terminate();
  }

  private async ask(method: string, params: Record<string, unknown> = {}): Promise<Reply> {
    const id = ++this.lastId;
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.waiting.set(id, resolve);
      this.socket.once('close', () => reject(new Error('the inspected process is gone')));
      this.socket.send(JSON.stringify({ id, method, params }));
    });
    this.waiting.delete(id);
    if (reply.error) throw new Error(`${method}: ${reply.error.message}`);
    return reply;
  }
}
