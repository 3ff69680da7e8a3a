import { z } from 'zod';
import { peers, secret, url } from '@kilowatch/platform';

export const configShape = {
  ...peers('auth', 'billing'),
  /** smtp://user:password@host:port or smtps://...; without it nobody gets e-mail, the inbox still fills. */
  KW_SMTP_URL: secret().optional(),
  /** `Name <address>` that mails come from. */
  KW_MAIL_FROM: z.string().default('Kilowatch <no-reply@kilowatch.local>'),
  /** Where the links in mails lead. */
  KW_PORTAL_URL: url().default('http://localhost:4000'),
};
