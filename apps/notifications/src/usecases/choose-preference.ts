import { Injectable } from '@nestjs/common';
import { Database, mayAll, tenantScope, type Principal } from '@kilowatch/platform';
import { assertKindOf, preferencesOf, type AlertPreference } from '../domain/preference.js';
import { findPreferences, savePreference } from '../persistence/preference.repository.js';

/** What a person wants to hear, by kind and channel. */
@Injectable()
export class ChoosePreference {
  constructor(private readonly database: Database) {}

  async list(principal: Principal): Promise<AlertPreference[]> {
    const { tenant, accountId } = principal;
    const chosen = await this.database.read(tenantScope(tenant), (tx) =>
      findPreferences(tx, tenant, [accountId]),
    );
    return preferencesOf(mayAll(principal, 'alerts:read'), chosen.get(accountId) ?? []);
  }

  /** Applies to alerts raised from now on; for the inbox to older ones too. */
  async choose(principal: Principal, preference: AlertPreference): Promise<AlertPreference[]> {
    const { tenant, accountId } = principal;
    assertKindOf(mayAll(principal, 'alerts:read'), preference.kind);
    await this.database.transaction(tenantScope(tenant), (tx) =>
      savePreference(tx, tenant, accountId, preference),
    );
    return this.list(principal);
  }
}
