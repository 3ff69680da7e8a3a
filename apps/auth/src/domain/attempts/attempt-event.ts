/** What the attempt monitor looks at: facts with the time they happened, in milliseconds. Tokens are masked, or keyed hashes. */
import type { DecisionPurpose, DecisionStatus } from '../decision.js';

interface Happened {
  /** The same fact told twice has the same id. */
  readonly id: string;
  readonly at: number;
}

export interface Place {
  readonly stationId: string;
  /** Empty when nobody told where the station is. */
  readonly siteId: string;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
}

export interface SeenToken {
  /** Keyed hash, hex. */
  readonly hash: string;
  readonly masked: string;
  readonly type: string;
  /** Empty when we hold no such token. */
  readonly id: string;
  /** Several people may hold it at once. */
  readonly shared: boolean;
  /** Another UID at each tap, as phones without a card in them make up. */
  readonly random: boolean;
}

export interface DecisionMade extends Happened {
  readonly kind: 'decision';
  readonly place: Place;
  readonly evseNumber: number;
  readonly token: SeenToken;
  readonly purpose: DecisionPurpose;
  readonly status: DecisionStatus;
  readonly reason: string;
  /** The station asked at once. Otherwise it had started by itself and told us later; `at` is when that was. */
  readonly live: boolean;
  /** Of the UIDs after that of an unknown card. */
  readonly nextUidHashes: readonly string[];
  /** Where the token has sessions open. */
  readonly openPlaces: readonly Place[];
  readonly certificateStatus: string;
  readonly certificateSerial: string;
  /** A start with a contract whose certificate was not found good at this station lately (P14). */
  readonly contractUnverified: boolean;
  /** A start that was accepted, of a token that this station never asked about and cannot know. */
  readonly unannounced: boolean;
}

export interface ConnectionRefused extends Happened {
  readonly kind: 'refused';
  /** As the URL said it; empty when it said none. */
  readonly identity: string;
  /** Whose identity that is; empty when it is nobody's. */
  readonly stationId: string;
  /** A word of the gateway's list. */
  readonly reason: string;
  readonly address: string;
  readonly times: number;
}

/** A station's socket began or ended. The gateway numbers them, and tells the end only of the present one. */
export interface ConnectionMoved extends Happened {
  readonly kind: 'connected' | 'disconnected';
  readonly stationId: string;
  readonly generation: number;
  /** Empty for an end. */
  readonly address: string;
  /** Where the connection came from that it took the place of while that was open; undefined: there was none. */
  readonly replacedAddress?: string | undefined;
}

/** A session that began without us, with a token that was refused when we heard of it, is over and measured. */
export interface EnergyUnallowed extends Happened {
  readonly kind: 'energy';
  readonly place: Place;
  readonly tokenMasked: string;
  /** Empty when we hold no such token. */
  readonly tokenId: string;
  readonly sessionId: string;
  readonly energyWh: number;
}

export type AttemptEvent = DecisionMade | ConnectionRefused | ConnectionMoved | EnergyUnallowed;
