import type { OcppVersion } from '@kilowatch/ocpp';
import type { CaseContext } from './case-context.js';

/** How far the runner brings the station before the case begins. */
export type Beginning = 'unconnected' | 'connected' | 'booted';

export interface ConformanceCase {
  /** As in the public list of test cases where it has one, else KW_. */
  readonly id: string;
  /** Use case or section of the specification. */
  readonly requirement: string;
  readonly title: string;
  /** Default: booted. */
  readonly begins?: Beginning;
  /** What the operator decided about the station beforehand. */
  readonly registration?: 'PENDING' | 'REJECTED';
  /** What the station is provisioned for: 0 (default) nothing, 1 a password, 2 that over TLS, 3 a certificate. */
  readonly securityProfile?: 0 | 1 | 2 | 3;
  /** It sets a limit of its site: its station stands alone in a location. */
  readonly ownSite?: boolean;
  /** Longer than the runner's time: it connects several times, and waits for jobs in between. */
  readonly timeoutMs?: number;
  /** Why nobody can play it yet. */
  readonly notBuilt?: string;
  run(context: CaseContext): Promise<void>;
}

export interface Block {
  readonly name: string;
  readonly cases: readonly ConformanceCase[];
}

export type Suites = Readonly<Record<OcppVersion, readonly Block[]>>;

/** A case that waits for something to be built. */
export function notBuilt(id: string, requirement: string, title: string, reason: string): ConformanceCase {
  return { id, requirement, title, notBuilt: reason, run: () => Promise.resolve() };
}
