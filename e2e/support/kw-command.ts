import { ToolRun } from './tool-run.js';

/** `kw` as a process of its own, with the sign-in in one file. */
export class Kw {
  constructor(readonly credentials: string) {}

  /** Runs a command to its end. */
  run(...args: string[]): Promise<ToolRun> {
    return ToolRun.of('kw', args, { KW_CREDENTIALS: this.credentials });
  }

  start(...args: string[]): ToolRun {
    return new ToolRun('kw', args, { KW_CREDENTIALS: this.credentials });
  }
}
