/** A tenant is the operator whose chargers they are. Its slug goes into subjects, URLs and every table key. */
import { invalid } from './errors.js';

declare const brand: unique symbol;
export type TenantId = string & { readonly [brand]: 'TenantId' };

// No dot, blank, `*` or `>`: the slug is one token of a NATS subject; `*` is also the system scope in SQL.
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** Throws INVALID unless the text is 1..40 of a-z, 0-9 and inner hyphens. */
export function tenantId(text: string): TenantId {
  if (!SLUG.test(text)) {
    throw invalid('TENANT_INVALID', 'A tenant is named by lower-case letters, digits and hyphens.', { text });
  }
  return text as TenantId;
}

/** Whether the text is a tenant slug: for input that is refused without saying why. */
export function isTenantId(text: string): text is TenantId {
  return SLUG.test(text);
}
