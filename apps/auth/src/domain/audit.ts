/**
 * The audit log: who changed what of accounts, sign-ins, tokens and clients, when, why and from where. An entry is written in
 * the transaction of the change, is never changed, and holds no secret: ids and names of things, not their values.
 */
import { storableText } from '@kilowatch/kernel';

/** PERSON and CLIENT have ids; SYSTEM is the service by itself; NOBODY is somebody who has not signed in (yet). */
export type ActorKind = 'PERSON' | 'CLIENT' | 'SYSTEM' | 'NOBODY';

export interface Actor {
  readonly kind: ActorKind;
  /** Account or client; empty for SYSTEM and NOBODY. */
  readonly id: string;
  /** Where the request came to the gateway from; undefined when nobody knows. */
  readonly address?: string | undefined;
}

export interface AuditEvent {
  readonly tenant: string;
  readonly by: Actor;
  /** What happened, past tense: `account.switched_off`. */
  readonly action: string;
  readonly target: { readonly kind: string; readonly id: string };
  /** Why, in the words of whoever did it. */
  readonly reason?: string | undefined;
  /** A few facts more. No secrets, no values of tokens. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

export interface AuditEntry extends AuditEvent {
  readonly id: string;
  readonly occurredAt: Date;
  readonly reason: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** Somebody who has not signed in. */
export function stranger(address?: string): Actor {
  return { kind: 'NOBODY', id: '', address };
}

export const SYSTEM: Actor = { kind: 'SYSTEM', id: '' };

const LONGEST_REASON = 500;
const LONGEST_ADDRESS = 64;
const ACTION = /^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/;

/** Throws when the action is not named as the others are: a mistake of ours, found by the first test of it. */
export function auditEntry(event: AuditEvent, id: string, occurredAt: Date): AuditEntry {
  if (!ACTION.test(event.action)) throw new Error(`${event.action} is not the name of an action`);
  const { address } = event.by;
  return {
    ...event,
    by: { ...event.by, address: address && storableText(address).slice(0, LONGEST_ADDRESS) },
    id,
    occurredAt,
    reason: storableText(event.reason ?? '')
      .trim()
      .slice(0, LONGEST_REASON),
    details: event.details ?? {},
  };
}
