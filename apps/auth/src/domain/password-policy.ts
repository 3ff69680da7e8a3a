/**
 * Which passwords are refused however long they are (NIST SP 800-63B, 3.1.1.2: those that are common, expected, or of the person
 * themselves). No rules about kinds of characters: they make passwords that people write down.
 */
import { invalid } from '@kilowatch/kernel';
import { checkedPassword } from './account.js';

/** Whose password it is to be. */
export interface PasswordOwner {
  readonly email: string;
  readonly displayName: string;
}

/** What people choose first, without what they put before or behind it to please a rule (`Password2026!`). */
const COMMON = new Set(
  (
    'password passwort passw wachtwoord motdepasse contrasena kennwort parola senha salasana ' +
    'qwerty qwertyuiop qwertz qwertzuiop azerty azertyuiop asdfghjkl zxcvbnm qazwsx qazwsxedc wasd ' +
    'letmein welcome willkommen welkom bienvenue iloveyou sunshine princess dragon monkey football baseball ' +
    'superman batman starwars pokemon trustno master shadow michael jennifer jordan hunter killer charlie ' +
    'admin administrator root superuser guest user test testtest changeme secret default login ' +
    'whatever freedom computer internet abcdef abcdefg abcdefgh abcdefghi abcdefghij abcabcabc ' +
    'kilowatch charging charger chargepoint chargingstation electric electriccar elektroauto tesla'
  ).split(' '),
);

/** Nobody's name is refused for being short: `Li` is in too many words. */
const SHORTEST_NAME = 4;
/** Characters that a password has beside its owner's names. */
const FEWEST_OTHERS = 8;

/** Throws INVALID, saying what to do instead. */
export function checkedNewPassword(password: string, owner: PasswordOwner): string {
  checkedPassword(password);
  const folded = password.toLowerCase();
  if (withoutNames(folded, namesOf(owner)).length < FEWEST_OTHERS)
    throw invalid(
      'AUTH_PASSWORD_PERSONAL',
      'This is little more than your own name or e-mail address. Choose another password.',
    );
  if (isCommon(folded))
    throw invalid(
      'AUTH_PASSWORD_COMMON',
      'This password is among the first that are guessed. Choose another.',
    );
  return password;
}

function namesOf({ email, displayName }: PasswordOwner): string[] {
  const address = email.toLowerCase();
  const [local = ''] = address.split('@');
  const parts = [address, local, ...local.split(/[^a-z0-9]+/), ...displayName.toLowerCase().split(/\s+/)];
  return parts.filter((part) => part.length >= SHORTEST_NAME);
}

/** Longest first, so that a whole address goes before its parts. */
function withoutNames(folded: string, names: readonly string[]): string {
  return [...names]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, name) => rest.replaceAll(name, ''), folded);
}

function isCommon(folded: string): boolean {
  if (new Set(folded).size < 4 || isRun(folded)) return true;
  // What stands before and behind goes first: the year after a word is no disguise of letters.
  const bare = trimmed(folded);
  return [bare, trimmed(undisguised(bare))].some((text) => COMMON.has(text) || isRepeated(text));
}

/** P@ssw0rd -> password */
function undisguised(text: string): string {
  return text
    .replace(/[@4]/g, 'a')
    .replace(/3/g, 'e')
    .replace(/[!1]/g, 'i')
    .replace(/0/g, 'o')
    .replace(/[$5]/g, 's');
}

function trimmed(text: string): string {
  return text.replace(/^[^a-z@$]+|[^a-z]+$/g, '');
}

/** 1234567890, 9876543210, abcdefghij: each character follows the one before it. */
function isRun(text: string): boolean {
  const steps = [...text].slice(1).map((_, i) => text.charCodeAt(i + 1) - text.charCodeAt(i));
  const follows = (by: number) => steps.filter((step) => step === by || Math.abs(step) === 9).length;
  return Math.max(follows(1), follows(-1)) >= steps.length - 1;
}

/** passwordpassword */
function isRepeated(text: string): boolean {
  const half = text.slice(0, text.length / 2);
  return text.length > 0 && half + half === text && COMMON.has(half);
}
