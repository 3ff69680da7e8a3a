/**
 * What a station offers, against what it must (2.0.1 A00.FR.001 ff., A05.FR.09): never below the profile it is provisioned for, nor
 * below one it came with before. While an upgrade is on its way, its higher credentials are taken too.
 */
import {
  isDowngrade,
  needsCertificate,
  offeredProfile,
  profileMatches,
  type StationVerdict,
} from './station-credential.js';

export interface Requirement {
  readonly securityProfile: number;
  readonly reachedProfile: number;
  readonly wantedProfile: number | null;
  readonly protocol: string;
  readonly allowDowngradeTo2: boolean;
}

export interface Offered {
  readonly profile: number;
  readonly password: boolean;
  /** What was found of the certificate it shows; undefined when it shows none. */
  readonly certificate: StationVerdict | undefined;
  /** A CA of the platform vouches for it. */
  readonly vouched: boolean;
}

export type Offer =
  | { readonly kind: 'refused'; readonly verdict: StationVerdict }
  | { readonly kind: 'certificate' }
  /** Its password is to be compared; at 0 there is none to compare. */
  | { readonly kind: 'password'; readonly worth: number };

export function judgeOffer(required: Requirement, offered: Offered): Offer {
  const { securityProfile, reachedProfile, wantedProfile } = required;
  const least = Math.max(securityProfile, reachedProfile);
  const asksCertificate = needsCertificate(least) || wantedProfile === 3;
  const shows = offered.certificate !== undefined;
  if (shows && asksCertificate && offered.certificate === 'ACCEPTED') return { kind: 'certificate' };
  // One that nobody vouches for is no oversight, whatever the station must show.
  const refused =
    shows && offered.certificate !== 'ACCEPTED' && (needsCertificate(least) || !offered.vouched);
  if (refused) return { kind: 'refused', verdict: offered.certificate! };
  const worth = offeredProfile(0, { ...offered, certificate: false });
  if (!profileMatches(securityProfile, worth)) {
    const allowed = !isDowngrade(worth, Math.max(securityProfile, reachedProfile), downgrade(required));
    if (!allowed) return { kind: 'refused', verdict: 'PROFILE_MISMATCH' };
  }
  if (isDowngrade(worth, reachedProfile, downgrade(required)))
    return { kind: 'refused', verdict: 'PROFILE_DOWNGRADE' };
  return { kind: 'password', worth };
}

function downgrade({ allowDowngradeTo2, protocol }: Requirement) {
  return { allowTo2: allowDowngradeTo2, protocol };
}
