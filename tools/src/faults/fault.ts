import type { SystemOptions } from '../system/system-options.js';
import type { Stage } from './stage.js';

/** docs/promises.md. */
export type PromiseCode = 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P7' | 'P8';

/** One kind of trouble, and what must hold in spite of it. A file of `cases/` has one, or a family; `registry.ts` lists them. */
export interface Fault {
  /** What it is called on the command line. */
  readonly name: string;
  /** Its number in docs/promises.md, understood on the command line too; several faults may share one. */
  readonly number: number;
  /** One line for `--list`. */
  readonly what: string;
  /** Those that must be judged and hold: `play` judges its own with `stage.judge`, `judgeBooks` judges P1, P2, P3 and P6. */
  readonly promises: readonly PromiseCode[];
  /** How many chargers take part unless `--chargers` says otherwise. */
  readonly chargers: number;
  /** What its system is started with beyond the usual. A fault without it may share a system with others. */
  readonly system?: Partial<SystemOptions>;
  /** For a fault that needs something before its system starts: that system is its own, and `play` is what this gives. */
  readonly open?: () => Promise<OpenedFault>;
  /** Makes the trouble and ends it. What it throws is a failure of the run. */
  play(stage: Stage): Promise<void>;
}

export interface OpenedFault {
  readonly system: Partial<SystemOptions>;
  play(stage: Stage): Promise<void>;
  /** After the system was stopped. */
  close(): Promise<void>;
}
