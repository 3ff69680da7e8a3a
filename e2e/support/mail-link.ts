import { waitFor } from '@kilowatch/testing';
import type { MailSink } from '@kilowatch/tools/system/mail-sink';

/** The secret in the link to a page (`reset-password`) in the newest mail to this address, once it is another than `not`. */
export function linkIn(mail: MailSink, to: string, page: string, not?: string): Promise<string> {
  return waitFor(
    `the mail with the link to ${page}`,
    () => {
      const text = mail.received
        .filter((received) => received.includes(to))
        .at(-1)
        ?.replace(/=\r?\n/g, '')
        .replace(/=3D/g, '=');
      const found = text && new RegExp(`/${page}#([\\w.-]+)`).exec(text)?.[1];
      return found === not ? undefined : found;
    },
    { timeoutMs: 30_000 },
  );
}
