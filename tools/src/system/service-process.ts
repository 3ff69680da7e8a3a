import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SERVICE_FLAGS } from './service-flags.js';

export interface ServiceProcessOptions {
  readonly name: string;
  readonly entry: string;
  readonly args?: readonly string[];
  /** It is killed when it is not gone so long after SIGTERM. */
  readonly graceMs?: number;
  readonly env: Record<string, string>;
  readonly cwd: string;
  readonly onLine: (line: string) => void;
  /** Called when it ended without being asked to. */
  readonly onCrash: (code: number | null, signal: NodeJS.Signals | null) => void;
}

const GRACE_MS = 10_000;

/** One service as a child process: started, killed hard for fault runs, stopped politely otherwise. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private wanted = false;

  constructor(private readonly options: ServiceProcessOptions) {}

  get name(): string {
    return this.options.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    this.wanted = true;
    const { entry, args = [] } = this.options;
    const child = spawn(process.execPath, [...SERVICE_FLAGS, entry, ...args], {
      cwd: this.options.cwd,
      env: this.options.env,
      // A process group of its own: a Ctrl-C in the terminal is for the launcher, which stops its services in order.
      detached: true,
      // Standard input is a pipe nobody writes to: a service ends when it closes, so that it never outlives us.
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdin?.on('error', () => undefined);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', this.options.onLine);
    }
    child.once('exit', (code, signal) => {
      if (this.child === child) this.child = undefined;
      if (this.wanted) this.options.onCrash(code, signal);
    });
  }

  /** SIGKILL: the process gets no chance to tidy up. Resolves when it is gone. */
  async kill(): Promise<void> {
    await this.end('SIGKILL', 5_000);
  }

  /** SIGTERM, then SIGKILL after the grace time. Resolves with the exit code; null when it had to be killed or did not run. */
  stop(graceMs = this.options.graceMs ?? GRACE_MS): Promise<number | null> {
    return this.end('SIGTERM', graceMs);
  }

  private async end(signal: NodeJS.Signals, graceMs: number): Promise<number | null> {
    this.wanted = false;
    const child = this.child;
    if (!child || child.exitCode !== null) return null;
    const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    const code = await gone;
    clearTimeout(timer);
    return code;
  }
}
