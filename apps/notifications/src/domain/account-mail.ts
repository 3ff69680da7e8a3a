/**
 * Mails about the account itself: links that confirm or open something, and notices of what changed, so that somebody else's
 * doing does not stay unnoticed. Nobody switches them off, and none of them is in the inbox of the app.
 */
export const ACCOUNT_MAIL_KINDS = [
  'CONFIRM_EMAIL',
  'ALREADY_REGISTERED',
  'RESET_PASSWORD',
  'PASSWORD_CHANGED',
  'SECOND_FACTOR_ON',
  'SECOND_FACTOR_OFF',
  'RECOVERY_CODES_NEW',
  'RECOVERY_CODE_USED',
  'PASSKEY_ADDED',
  'PASSKEY_REMOVED',
  'SESSION_ENDED',
  'INVITED',
] as const;
export type AccountMailKind = (typeof ACCOUNT_MAIL_KINDS)[number];

export interface AccountMail {
  readonly kind: AccountMailKind;
  /** Empty without a link. Its secret is asked of auth when the mail is sent, and kept nowhere. */
  readonly linkId: string;
  /** `Firefox on Linux`; empty when nobody knows. */
  readonly device: string;
  readonly address: string;
  /** When it happened, ISO 8601. */
  readonly at: string;
}

/** Where in the portal the link leads; the secret is in the fragment, which browsers tell no server. */
const PAGES: Readonly<Partial<Record<AccountMailKind, string>>> = {
  CONFIRM_EMAIL: 'confirm-email',
  ALREADY_REGISTERED: 'reset-password',
  RESET_PASSWORD: 'reset-password',
  INVITED: 'reset-password',
};

/** Undefined for a mail without a link. */
export function linkAddress(portal: string, kind: AccountMailKind, token: string): string | undefined {
  const page = PAGES[kind];
  return page && `${portal}/${page}#${token}`;
}
