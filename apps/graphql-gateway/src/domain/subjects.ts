/** Subjects of live messages a person may hear of: always of the person's own tenant, which the token names. */
import { notFound } from '@kilowatch/kernel';
import type { Bridge } from './subscription-rewrite.js';

export interface Listener {
  readonly accountId: string;
  readonly tenant: string;
  /** Hears, beside what is for the account, what is for the tenant's operators. */
  readonly hearsOperators: boolean;
}

/** One word of a subject: no dots, no wildcards, no spaces. */
const WORD = /^[A-Za-z0-9_-]{1,100}$/;

/** @param id of the object, for subscriptions about one; an id that cannot exist is NOT_FOUND */
export function subjectsOf(bridge: Bridge, listener: Listener, id: string | undefined): string[] {
  const words =
    bridge.about === 'object'
      ? [id ?? '']
      : [listener.accountId, ...(listener.hearsOperators ? ['operators'] : [])];
  if (!words.every((word) => WORD.test(word))) throw notFound('NOT_FOUND', 'Not found');
  return words.map((word) => `live.${bridge.topic}.${listener.tenant}.${word}`);
}
