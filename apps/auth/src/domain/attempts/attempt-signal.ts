/** A sign of one rule about one key, as small as can be kept: what the rule compares, and what an operator needs to see. */
export interface AttemptSignal {
  readonly id: string;
  readonly at: number;
  /** What is counted once: a token's hash, a station, an identity. */
  readonly mark?: string;
  /** Times it counts; 1 when absent. */
  readonly times?: number;
  readonly stationId?: string;
  readonly evseNumber?: number;
  readonly tokenId?: string;
  readonly tokenMasked?: string;
  readonly identity?: string;
  readonly address?: string;
  /** Of a connection: that of the one it replaced. */
  readonly replacedAddress?: string;
  /** In words: a reason, a serial number, an amount of energy. */
  readonly detail?: string;
  /** Hashes of the UIDs after this one. */
  readonly next?: readonly string[];
  readonly siteId?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  /** Of a connection; negative for its end. */
  readonly generation?: number;
  readonly energyWh?: number;
  /** The rule looks at it, but it is no offence in itself. */
  readonly harmless?: true;
  /** Plug & Charge: a copy is harder to make than that of a card. */
  readonly contract?: true;
  /** Of a token that may charge there: somebody pays. */
  readonly allowed?: true;
}

/** In the order they happened; ids settle what happened at one moment, so that every replay has one order. */
export function inOrder(a: AttemptSignal, b: AttemptSignal): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

export function timesOf(signals: readonly AttemptSignal[]): number {
  return signals.reduce((sum, { times }) => sum + (times ?? 1), 0);
}

export function marksOf(signals: readonly AttemptSignal[]): number {
  return new Set(signals.map(({ mark }) => mark)).size;
}
