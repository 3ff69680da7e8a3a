/**
 * The second factor: codes by time (RFC 6238: SHA-1, six digits, 30 s, as every authenticator app knows them) and recovery codes.
 * One step before and after counts for clocks that are off (5.2), and a step that was used never counts again (5.2, last
 * paragraph). Who has the password may guess a few times, then waits longer and longer.
 */
import { Secret, TOTP } from 'otpauth';

const PERIOD_MS = 30_000;
const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 3_600_000;
/** Without letters that look like digits (Crockford). */
const RECOVERY_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export const TOTP_SECRET_BYTES = 20;
export const RECOVERY_CODES = 10;
/** 10 letters of 5 bits. */
export const RECOVERY_CODE_BYTES = 10;

/** What an authenticator app reads as a QR code (otpauth://). */
export function totpUri(secret: Uint8Array, issuer: string, label: string): string {
  return totp(secret, issuer, label).toString();
}

/** The secret for typing it in. */
export function totpText(secret: Uint8Array): string {
  return totp(secret, '', '').secret.base32;
}

/** The step that the code belongs to; undefined when it is wrong, or of a step that was used already. */
export function totpStep(secret: Uint8Array, code: string, now: Date, lastStep: number): number | undefined {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = totp(secret, '', '').validate({ token, timestamp: now.getTime(), window: 1 });
  if (delta === null) return undefined;
  const step = Math.floor(now.getTime() / PERIOD_MS) + delta;
  return step > lastStep ? step : undefined;
}

/** `bytes` random: `k3m9x-0vw7p` */
export function recoveryCode(bytes: Uint8Array): string {
  const letters = [...bytes.subarray(0, RECOVERY_CODE_BYTES)].map((byte) => RECOVERY_ALPHABET[byte % 32]!);
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
}

/** As it was given out, however it was typed. */
export function foldedRecoveryCode(typed: string): string {
  const letters = typed
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/o/g, '0')
    .replace(/[il]/g, '1');
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** Until when nobody may guess, after so many failures in a row; undefined while guessing is free. */
export function blockedUntil(failures: number, now: Date): Date | undefined {
  if (failures < FREE_FAILURES) return undefined;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(20, failures - FREE_FAILURES));
  return new Date(now.getTime() + wait);
}

function totp(secret: Uint8Array, issuer: string, label: string): TOTP {
  const buffer = Uint8Array.from(secret).buffer;
  return new TOTP({
    issuer,
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: 30,
    secret: new Secret({ buffer }),
  });
}
