import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { waitFor } from '@kilowatch/testing';
import { WORKSPACE_ROOT } from '@kilowatch/tools/workspace-root';

/** A built tool as a process of its own, with nothing of our environment but PATH. */
export class ToolRun {
  out = '';
  err = '';
  /** The exit code, once it has ended. */
  code: number | null | undefined;
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;

  constructor(tool: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [join(WORKSPACE_ROOT, 'tools/dist', tool, 'main.js'), ...args], {
      env: { PATH: process.env['PATH'], ...env },
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

  /** Runs it to its end. */
  static async of(
    tool: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<ToolRun> {
    const run = new ToolRun(tool, args, env);
    await run.ended;
    return run;
  }

  get lines(): string[] {
    return this.out.trimEnd().split('\n');
  }

  async says(pattern: RegExp, timeoutMs = 20_000): Promise<void> {
    await waitFor(`the tool to say ${String(pattern)}`, () => pattern.test(this.out), { timeoutMs }).catch(
      () => {
        throw new Error(`the tool did not say ${String(pattern)} but: ${this.out}${this.err}`);
      },
    );
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }
}
