import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { waitFor } from '@kilowatch/testing';
import { WORKSPACE_ROOT } from '@kilowatch/tools/workspace-root';

/** A command as a terminal runs it: a foreground process group of its own, to which Ctrl-C goes as a whole. */
export class TerminalCommand {
  private text = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | NodeJS.Signals>;

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(program, args, {
      cwd: WORKSPACE_ROOT,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (data: Buffer) => (this.text += data.toString('utf8')));
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL')),
    );
  }

  get output(): string {
    return this.text;
  }

  async says(pattern: RegExp, timeoutMs: number): Promise<void> {
    await waitFor(`${String(pattern)} in the output`, () => pattern.test(this.text), { timeoutMs }).catch(
      () => {
        throw new Error(`no ${String(pattern)} within ${timeoutMs} ms:\n${this.text.slice(-3_000)}`);
      },
    );
  }

  /** Every process that this command started and that they started, themselves included. */
  processes(): number[] {
    const rows = running();
    const found = [this.child.pid!];
    for (const parent of found)
      found.push(...rows.filter((row) => row.parent === parent).map((row) => row.pid));
    return found;
  }

  /** The process of a service, while it has one. */
  service(name: string): number | undefined {
    const own = this.processes();
    return running().find(
      ({ pid, command }) => own.includes(pid) && command.endsWith(`apps/${name}/dist/main.js`),
    )?.pid;
  }

  /** Those of them that a Ctrl-C reaches. */
  foreground(): string[] {
    return running()
      .filter(({ group }) => group === this.child.pid)
      .map(({ command }) => command);
  }

  signal(name: NodeJS.Signals): void {
    process.kill(-this.child.pid!, name);
  }

  /** The exit code, or the signal it died of. Rejects when it does not end in time. */
  async exit(timeoutMs: number): Promise<number | NodeJS.Signals> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const text = () => `it does not end within ${timeoutMs} ms:\n${this.text.slice(-3_000)}`;
      timer = setTimeout(() => reject(new Error(text())), timeoutMs);
    });
    try {
      return await Promise.race([this.ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** For the end of a test, whatever became of it. */
  end(): void {
    try {
      this.signal('SIGKILL');
    } catch {
      // It is gone, as it should be.
    }
  }
}

/** Resolves when none of the processes is left. */
export async function allGone(pids: readonly number[], timeoutMs: number): Promise<void> {
  let left: string[] = [];
  await waitFor(
    'all processes to end',
    () => {
      left = running()
        .filter(({ pid }) => pids.includes(pid))
        .map(({ pid, command }) => `${pid} ${command}`);
      return left.length === 0;
    },
    { timeoutMs, everyMs: 100 },
  ).catch(() => {
    throw new Error(`still there after ${timeoutMs} ms:\n${left.join('\n')}`);
  });
}

/** All processes of this machine but those that have ended and wait for somebody to notice. */
function running(): { pid: number; parent: number; group: number; command: string }[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,pgid=,stat=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, group, state, command = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (!pid || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), command }];
  });
}
