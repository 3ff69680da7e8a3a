/**
 * Passkeys (WebAuthn level 3): keys that sign in without a password. Each is of one account; the authenticator checks the person
 * (user verification), so a passkey counts as two factors.
 */
import { invalid } from '@kilowatch/kernel';

export interface Passkey {
  readonly tenant: string;
  readonly id: string;
  readonly accountId: string;
  /** base64url, as browsers say it. Chosen by the authenticator; unique among all tenants. */
  readonly credentialId: string;
  /** COSE. */
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly name: string;
  /** It may be on other devices of the person too. */
  readonly backedUp: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | undefined;
}

export const MOST_PASSKEYS = 20;
const LONGEST_NAME = 60;
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];

export function checkedPasskeyName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > LONGEST_NAME)
    throw invalid('AUTH_PASSKEY_NAME', `A name has 1 to ${LONGEST_NAME} characters.`);
  return trimmed;
}

/** What the browser said of ways to the authenticator: hints for later, told by the client. */
export function knownTransports(said: unknown): string[] {
  return Array.isArray(said) ? TRANSPORTS.filter((one) => said.includes(one)) : [];
}

/**
 * A counter that does not grow means that the key was copied (7.2, step 25). Authenticators without one, as all that sync, say 0
 * always.
 */
export function counterIsPlausible(held: number, shown: number): boolean {
  return shown > held || (shown === 0 && held === 0);
}
