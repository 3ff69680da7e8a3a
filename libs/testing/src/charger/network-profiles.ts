import type { Payload } from './ocpp-socket.js';

/** Where a charger connects to, and with what. */
export interface NetworkTarget {
  /** Without the identity. */
  readonly url: string;
  readonly password: string | undefined;
}

export const PRIORITY_VARIABLE = 'OCPPCommCtrlr.NetworkConfigurationPriority';
export const FIRST_SLOT = 1;
const ATTEMPTS_EACH = 2;

/**
 * Network profiles of OCPP 2.x (B09, B10): what is set and put first counts from the next boot on. Each slot gets a few attempts, then
 * the next one in the order; the last is followed by the first.
 */
export class NetworkProfiles {
  private readonly slots: Map<number, NetworkTarget>;
  private order: readonly number[] = [FIRST_SLOT];
  private failures = 0;

  constructor(first: NetworkTarget) {
    this.slots = new Map([[FIRST_SLOT, first]]);
  }

  get target(): NetworkTarget {
    return this.slots.get(this.slot)!;
  }

  /** A password that is not said is the one it has. False: the slot is the one in use (B09). */
  set(slot: number, { ocppCsmsUrl, basicAuthPassword }: Payload): boolean {
    if (slot === this.slot) return false;
    const password = typeof basicAuthPassword === 'string' ? basicAuthPassword : this.target.password;
    this.slots.set(slot, { url: String(ocppCsmsUrl), password });
    return true;
  }

  knows(priority: string): boolean {
    return slotsIn(priority).every((slot) => this.slots.has(slot));
  }

  boot(priority: string): void {
    this.order = slotsIn(priority);
    this.failures = 0;
  }

  failed(): void {
    this.failures += 1;
  }

  private get slot(): number {
    return this.order[Math.floor(this.failures / ATTEMPTS_EACH) % this.order.length] ?? FIRST_SLOT;
  }
}

function slotsIn(priority: string): number[] {
  return priority.split(',').map(Number);
}
