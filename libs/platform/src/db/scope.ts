import { tenantId, type TenantId } from '@kilowatch/kernel';

/** What a transaction may see. Row-level security enforces it below whatever the SQL says. */
export interface TenantScope {
  readonly kind: 'tenant';
  readonly tenant: TenantId;
}

/** All tenants: relay, background jobs, consumers between events. Never on behalf of a person. */
export interface SystemScope {
  readonly kind: 'system';
}

export type Scope = TenantScope | SystemScope;

export const SYSTEM_SCOPE: SystemScope = { kind: 'system' };

/** Throws INVALID when the text is no tenant slug. */
export function tenantScope(tenant: string): TenantScope {
  return { kind: 'tenant', tenant: tenantId(tenant) };
}

/** The session setting that row-level security compares with; `*` sees every tenant. */
export const TENANT_SETTING = 'kilowatch.tenant';

/** SQL that puts the rest of the transaction under the scope. The slug is checked again: this is text in a statement. */
export function scopeSql(scope: Scope): string {
  const value = scope.kind === 'system' ? '*' : tenantId(scope.tenant);
  return `SET LOCAL ${TENANT_SETTING} = '${value}'`;
}
