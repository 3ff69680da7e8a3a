/**
 * A station is led to a higher security profile (2.0.1 A05; 1.6 security white paper ed. 3 A05): what must be there first, which
 * steps are taken, and what happens when one fails. To profile 3 it goes by way of 2, so that its certificate comes over TLS.
 *
 * CHECK (the station is asked what it can), CERTIFICATE (before 3: it has one that is valid), PROFILE (it is told where and how to
 * connect), PRIORITY (2.x: that this comes first), RESET, AWAIT (it comes back with the profile). A step that the station refuses ends
 * it, with what was set before put back; until it has come with the higher profile the lower one is taken as before.
 */
export const UPGRADE_STEPS = [
  'CHECK',
  'CERTIFICATE',
  'PROFILE',
  'PRIORITY',
  'RESET',
  'AWAIT',
  'ROLL_BACK',
] as const;
export type UpgradeStep = (typeof UPGRADE_STEPS)[number];
/** ROLLED_BACK: it is as it was before. FAILED: somebody must look, the station may not be back. */
export type UpgradeState = 'RUNNING' | 'DONE' | 'ROLLED_BACK' | 'FAILED';

export interface UpgradePlan {
  readonly reachedProfile: number;
  readonly toProfile: number;
  readonly is16: boolean;
}

/** The profile that the next connection must have. */
export function nextProfile({
  reachedProfile,
  toProfile,
}: Pick<UpgradePlan, 'reachedProfile' | 'toProfile'>): number {
  return toProfile === 3 && reachedProfile < 2 ? 2 : toProfile;
}

/** After `step` was done. */
export function stepAfter(step: UpgradeStep, plan: UpgradePlan, rebootNeeded: boolean): UpgradeStep {
  switch (step) {
    case 'CHECK':
      return nextProfile(plan) === 3 ? 'CERTIFICATE' : 'PROFILE';
    case 'CERTIFICATE':
      return 'PROFILE';
    case 'PROFILE':
      if (!plan.is16) return 'PRIORITY';
      // 1.6: the station disconnects by itself, unless it says that it wants a reboot.
      return rebootNeeded ? 'RESET' : 'AWAIT';
    case 'PRIORITY':
      return 'RESET';
    case 'RESET':
      return 'AWAIT';
    case 'AWAIT':
      return 'CERTIFICATE';
    case 'ROLL_BACK':
      return 'ROLL_BACK';
  }
}

export interface Prerequisite {
  readonly code:
    'STATION_SEEN' | 'ALREADY_THERE' | 'LISTENER' | 'CSMS_ROOT' | 'AUTHORITY' | 'PASSWORD' | 'WRITABLE';
  readonly text: string;
}

export interface KnownBefore {
  readonly protocol: string;
  readonly reachedProfile: number;
  readonly securityProfile: number;
  readonly toProfile: number;
  readonly hasPassword: boolean;
  /** Address of the listener that serves the profile; empty when none is configured. */
  readonly listener: (profile: number) => string;
  readonly csmsRoots: number;
  /** Somebody could sign its certificate. */
  readonly canSign: boolean;
  readonly hasCertificate: boolean;
}

/** What is missing; empty: it may begin. */
export function missingPrerequisites(known: KnownBefore): Prerequisite[] {
  const { toProfile } = known;
  const missing: Prerequisite[] = [];
  const need = (met: boolean, code: Prerequisite['code'], text: string) => {
    if (!met) missing.push({ code, text });
  };
  need(known.protocol !== '', 'STATION_SEEN', 'The station has not connected yet.');
  need(
    toProfile > Math.max(known.reachedProfile, known.securityProfile),
    'ALREADY_THERE',
    'The station is provisioned for this profile, or a higher one, already.',
  );
  need(
    known.listener(2) !== '' || known.reachedProfile >= 2,
    'LISTENER',
    'No listener for profile 2 is configured (KW_OCPP_TLS_URL).',
  );
  if (toProfile === 3)
    need(known.listener(3) !== '', 'LISTENER', 'No listener for profile 3 is configured (KW_OCPP_MTLS_URL).');
  need(
    known.csmsRoots > 0,
    'CSMS_ROOT',
    'The station holds no CSMS root certificate: it could not check who answers. Add one with wantStationRoot.',
  );
  if (toProfile === 3)
    need(
      known.canSign || known.hasCertificate,
      'AUTHORITY',
      'The station has no certificate, and no authority and organisation are configured that could give it one.',
    );
  need(
    known.hasPassword || known.reachedProfile >= 2,
    'PASSWORD',
    'The station has no password; profile 2 needs one.',
  );
  return missing;
}

/** A slot beside the one in use; 2.x numbers them from 0 or 1. */
export function freeSlot(priority: readonly number[]): number {
  const [active = 1, ...others] = priority;
  return others[0] ?? active + 1;
}
