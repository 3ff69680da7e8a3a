// What one model of charging station can do, and where it needs care: a record that data fills (station-models.ts) and code
// reads. No code branches on a vendor's name (docs/ocpp-notes.md rule 8).

import type { ProfileKind } from '../model/profile-rules.js';

/** Q50: which charging profiles the model obeys. */
export interface ProfileAbility {
  readonly lowestStackLevel: number;
  readonly highestStackLevel: number;
  /** First = the one to use. */
  readonly units: readonly ('A' | 'W')[];
  /** Decimals of a limit it reads. */
  readonly decimals: 0 | 1;
  /** Takes a profile for connector or EVSE 0. */
  readonly stationWide: boolean;
  readonly kinds: readonly ProfileKind[];
  /** An absolute schedule that shall count at once must have begun so long ago. */
  readonly startsAgoSeconds: number;
  /** A limit of 0 pauses; else the model ignores it. */
  readonly zeroPauses: boolean;
  /** The limit it is resumed with counts; else the model charges without any until it is told again. */
  readonly keepsLimitOnResume: boolean;
  /** Accepts and may not obey: ask for the composite schedule afterwards. */
  readonly confirmBySchedule: boolean;
  /** Volts between phase and neutral, to turn amperes into watts. */
  readonly volts: number;
}

/** Q42: what the reader adds to a card's number. */
export interface IdTagRule {
  /** Everything from this character on is the reader's own. */
  readonly suffixFrom: string | null;
  /** 4-byte UIDs come filled up with zero bytes to 7. */
  readonly zeroPadded: boolean;
}

/** Q6: what the installer finds to fill in. `url` = one field; `base` = URL and identity apart; `parts` = no scheme. */
export type SetupForm = 'url' | 'base' | 'parts';

export type ResetKind = 'SOFT' | 'HARD' | 'ON_IDLE';

export interface StationModel {
  /** For people; empty when nothing is known of the model. */
  readonly name: string;
  readonly profiles: ProfileAbility;
  readonly idTags: IdTagRule;
  readonly setup: SetupForm;
  /** Q8: its JSON has stray commas and empty values that mean nothing. */
  readonly repairsJson: boolean;
  /** Q21: answers WebSocket pings; one that does not is sent none. */
  readonly answersPings: boolean;
  /** Q16: configuration keys that hang or reboot it when they are read. */
  readonly unsafeToRead: readonly string[];
  /** Resets it carries out. */
  readonly resetKinds: readonly ResetKind[];
  /** Variables it takes in one message, when it does not say so itself or says more than it takes. */
  readonly maxItemsPerMessage: number | null;
}

export type ModelOverride = {
  readonly [K in Exclude<keyof StationModel, 'name'>]?: StationModel[K] extends readonly unknown[]
    ? StationModel[K]
    : StationModel[K] extends object
      ? Partial<StationModel[K]>
      : StationModel[K];
};

export interface ModelRecord {
  readonly name: string;
  /** First words of the vendor's name, without case. */
  readonly vendor: string;
  /** Beginning of the model's name, without case; empty = every model of the vendor. */
  readonly model: string;
  /** Where it was seen. */
  readonly seen: string;
  readonly is: ModelOverride;
}

/** A station of which nothing is known: by the letter of the specification. */
export const UNKNOWN_MODEL: StationModel = {
  name: '',
  profiles: {
    lowestStackLevel: 0,
    highestStackLevel: Number.MAX_SAFE_INTEGER,
    units: ['A', 'W'],
    decimals: 1,
    stationWide: true,
    kinds: ['Relative', 'Absolute'],
    startsAgoSeconds: 0,
    zeroPauses: true,
    keepsLimitOnResume: true,
    confirmBySchedule: false,
    volts: 230,
  },
  idTags: { suffixFrom: null, zeroPadded: false },
  setup: 'url',
  repairsJson: false,
  answersPings: true,
  unsafeToRead: [],
  resetKinds: ['SOFT', 'HARD', 'ON_IDLE'],
  maxItemsPerMessage: null,
};
