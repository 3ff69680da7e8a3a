/**
 * The rules of the attempt monitor and their thresholds. The defaults are those of the design (unauthorised-attempt monitor, ten rules,
 * some of which are told apart here because they have other keys); a tenant may move each within its bounds, or switch a rule off.
 */
import { invalid } from '@kilowatch/kernel';

export interface Setting {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Of the value, for people: `tokens`, `seconds`, `km/h`. */
  readonly unit: string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const count = (value: number, unit: string, minimum = 1, maximum = 1_000): Setting => ({
  default: value,
  minimum,
  maximum,
  unit,
});
const seconds = (value: number, minimum = MINUTE, maximum = DAY): Setting => ({
  default: value,
  minimum,
  maximum,
  unit: 'seconds',
});
/** After so long without another sign an incident closes by itself. */
const quiet = (value: number): Setting => seconds(value, 5 * MINUTE, 30 * DAY);

export const RULE_SETTINGS = {
  TOKEN_GUESSING: {
    distinctTokens: count(5, 'tokens', 2),
    windowSeconds: seconds(10 * MINUTE),
    rejections: count(20, 'rejections', 2),
    rejectionWindowSeconds: seconds(HOUR),
    quietSeconds: quiet(HOUR),
  },
  KEY_CODE_GUESSING: {
    wrongCodes: count(5, 'codes', 2, 100),
    windowSeconds: seconds(5 * MINUTE),
    quietSeconds: quiet(HOUR),
  },
  TOKEN_AT_MANY_STATIONS: {
    stations: count(3, 'stations', 2),
    windowSeconds: seconds(30 * MINUTE),
    quietSeconds: quiet(2 * HOUR),
  },
  IMPOSSIBLE_TRAVEL: {
    kilometresPerHour: count(150, 'km/h', 30, 1_500),
    minimumKilometres: count(5, 'km', 1, 1_000),
    quietSeconds: quiet(DAY),
  },
  CONCURRENT_USE: {
    refusals: count(1, 'refusals', 1, 100),
    windowSeconds: seconds(HOUR),
    quietSeconds: quiet(DAY),
  },
  REVOKED_CONTRACT: {
    presentations: count(2, 'presentations', 1, 100),
    severeStations: count(2, 'stations', 1, 100),
    quietSeconds: quiet(7 * DAY),
  },
  FORGED_CHAIN: {
    presentations: count(1, 'presentations', 1, 100),
    windowSeconds: seconds(HOUR),
    quietSeconds: quiet(DAY),
  },
  SEQUENTIAL_UIDS: {
    uids: count(4, 'UIDs', 3, 100),
    windowSeconds: seconds(10 * MINUTE),
    quietSeconds: quiet(HOUR),
  },
  STATION_CREDENTIAL: {
    failures: count(5, 'failures', 2),
    windowSeconds: seconds(10 * MINUTE),
    quietSeconds: quiet(HOUR),
  },
  IDENTITY_SCAN: {
    identities: count(10, 'identities', 2),
    windowSeconds: seconds(10 * MINUTE),
    quietSeconds: quiet(HOUR),
  },
  NEW_NETWORK: {
    changes: count(1, 'changes', 1, 100),
    windowSeconds: seconds(HOUR),
    quietSeconds: quiet(6 * HOUR),
  },
  CONNECTION_FLAPPING: {
    replacements: count(5, 'replacements', 2, 100),
    windowSeconds: seconds(10 * MINUTE),
    quietSeconds: quiet(HOUR),
  },
  PROFILE_DOWNGRADE: {
    refusals: count(1, 'refusals'),
    windowSeconds: seconds(10 * MINUTE),
    quietSeconds: quiet(HOUR),
  },
  UNAUTHORISED_START: {
    starts: count(1, 'starts', 1, 100),
    windowSeconds: seconds(HOUR),
    quietSeconds: quiet(6 * HOUR),
  },
  MASTER_PASS_START: {
    starts: count(1, 'starts', 1, 100),
    windowSeconds: seconds(HOUR),
    quietSeconds: quiet(6 * HOUR),
  },
  OFFLINE_ENERGY: {
    leastWh: count(1, 'Wh', 1, 1_000_000),
    severeWh: count(20_000, 'Wh', 1, 1_000_000),
    quietSeconds: quiet(DAY),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Setting>>>>;

export type AttemptRule = keyof typeof RULE_SETTINGS;
export const ATTEMPT_RULES = Object.keys(RULE_SETTINGS) as AttemptRule[];
export type SettingName<R extends AttemptRule> = keyof (typeof RULE_SETTINGS)[R] & string;
export type Thresholds<R extends AttemptRule> = Readonly<Record<SettingName<R>, number>>;

/** What a tenant wants otherwise; what it does not name is the default. */
export interface AttemptPolicy {
  readonly disabled: readonly AttemptRule[];
  readonly thresholds: Readonly<Partial<Record<AttemptRule, Readonly<Record<string, number>>>>>;
  /** A token that must have a copy (HIGH severity of the two clone rules) is blocked at once. */
  readonly blockClones: boolean;
  /** While somebody guesses at a station, a refusal there takes so much longer; 0 = never. */
  readonly refusalDelayMs: number;
}

export const DEFAULT_POLICY: AttemptPolicy = {
  disabled: [],
  thresholds: {},
  blockClones: false,
  refusalDelayMs: 0,
};

/** A station waits for its answer, and others share the road: more would hurt them. */
export const MOST_DELAY_MS = 2_000;

/** By policy and rule: asked for each attempt and each rule, and a policy changes by being replaced. */
const KNOWN = new WeakMap<AttemptPolicy, Map<AttemptRule, Readonly<Record<string, number>>>>();

export function thresholdsOf<R extends AttemptRule>(policy: AttemptPolicy, rule: R): Thresholds<R> {
  const ofPolicy = KNOWN.get(policy) ?? new Map<AttemptRule, Readonly<Record<string, number>>>();
  KNOWN.set(policy, ofPolicy);
  const values = ofPolicy.get(rule) ?? chosenOrDefault(policy, rule);
  ofPolicy.set(rule, values);
  return values as Thresholds<R>;
}

function chosenOrDefault(policy: AttemptPolicy, rule: AttemptRule): Readonly<Record<string, number>> {
  const chosen = policy.thresholds[rule] ?? {};
  return Object.fromEntries(
    Object.entries<Setting>(RULE_SETTINGS[rule]).map(([name, setting]) => [
      name,
      chosen[name] ?? setting.default,
    ]),
  );
}

export interface RuleChange {
  readonly rule: AttemptRule;
  readonly enabled?: boolean | null | undefined;
  readonly settings?: readonly { readonly name: string; readonly value: number }[] | null | undefined;
}

export interface PolicyChange {
  readonly rules?: readonly RuleChange[] | null | undefined;
  readonly blockClones?: boolean | null | undefined;
  readonly refusalDelayMs?: number | null | undefined;
}

/** The policy after the change. Throws INVALID with what is allowed. */
export function changedPolicy(held: AttemptPolicy, change: PolicyChange): AttemptPolicy {
  const disabled = new Set(held.disabled);
  const thresholds: Partial<Record<AttemptRule, Readonly<Record<string, number>>>> = { ...held.thresholds };
  for (const { rule, enabled, settings } of change.rules ?? []) {
    if (enabled === true) disabled.delete(rule);
    if (enabled === false) disabled.add(rule);
    for (const { name, value } of settings ?? []) {
      thresholds[rule] = { ...thresholds[rule], [name]: checkedValue(rule, name, value) };
    }
  }
  const refusalDelayMs = change.refusalDelayMs ?? held.refusalDelayMs;
  if (!Number.isInteger(refusalDelayMs) || refusalDelayMs < 0 || refusalDelayMs > MOST_DELAY_MS) {
    throw invalid('AUTH_ATTEMPT_DELAY', `refusalDelayMs must be between 0 and ${MOST_DELAY_MS}.`);
  }
  const policy: AttemptPolicy = {
    disabled: ATTEMPT_RULES.filter((rule) => disabled.has(rule)),
    thresholds,
    blockClones: change.blockClones ?? held.blockClones,
    refusalDelayMs,
  };
  for (const rule of ATTEMPT_RULES) requireQuietBeyondWindow(policy, rule);
  return policy;
}

function checkedValue(rule: AttemptRule, name: string, value: number): number {
  const settings: Readonly<Record<string, Setting>> = RULE_SETTINGS[rule];
  const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
  if (!setting) {
    throw invalid('AUTH_ATTEMPT_SETTING', `${rule} has the settings ${Object.keys(settings).join(', ')}.`);
  }
  const { minimum, maximum, unit } = setting;
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw invalid(
      'AUTH_ATTEMPT_SETTING',
      `${name} of ${rule} must be between ${minimum} and ${maximum} ${unit}.`,
    );
  }
  return value;
}

/** Else an incident that has closed would open again from the signs that made it. */
function requireQuietBeyondWindow(policy: AttemptPolicy, rule: AttemptRule): void {
  const values: Readonly<Record<string, number>> = thresholdsOf(policy, rule);
  const longest = Math.max(values['windowSeconds'] ?? 0, values['rejectionWindowSeconds'] ?? 0);
  if ((values['quietSeconds'] ?? 0) < longest) {
    throw invalid(
      'AUTH_ATTEMPT_SETTING',
      `quietSeconds of ${rule} must be at least its window, ${longest} seconds.`,
    );
  }
}
