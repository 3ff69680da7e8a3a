import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { waitFor } from '@kilowatch/testing';
import { WORKSPACE_ROOT } from '@kilowatch/tools/workspace-root';

/** `kw` as a process of its own, with the sign-in in one file. */
export class Kw {
  constructor(readonly credentials: string) {}

  /** Runs a command to its end. */
  async run(...args: string[]): Promise<KwRun> {
    const run = this.start(...args);
    await run.ended;
    return run;
  }

  start(...args: string[]): KwRun {
    return new KwRun(args, this.credentials);
  }
}

export class KwRun {
  out = '';
  err = '';
  /** The exit code, once it has ended. */
  code: number | null | undefined;
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;

  constructor(args: readonly string[], credentials: string) {
    this.child = spawn(process.execPath, [join(WORKSPACE_ROOT, 'tools/dist/kw/main.js'), ...args], {
      env: { PATH: process.env['PATH'], KW_CREDENTIALS: credentials },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (data: Buffer) => (this.out += data.toString('utf8')));
    this.child.stderr?.on('data', (data: Buffer) => (this.err += data.toString('utf8')));
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code) => {
        this.code = code;
        resolve();
      }),
    );
  }

  get lines(): string[] {
    return this.out.trimEnd().split('\n');
  }

  async says(pattern: RegExp, timeoutMs = 20_000): Promise<void> {
    await waitFor(`kw to say ${String(pattern)}`, () => pattern.test(this.out), { timeoutMs }).catch(() => {
      throw new Error(`kw did not say ${String(pattern)} but: ${this.out}${this.err}`);
    });
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }
}
