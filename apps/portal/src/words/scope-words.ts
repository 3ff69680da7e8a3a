/** Scopes that machine clients may hold, by area. The same as the platform's (a test compares them with its list). */
export const SCOPE_AREAS: readonly {
  readonly area: string;
  readonly name: string;
  readonly actions: readonly ('read' | 'write')[];
}[] = [
  { area: 'accounts', name: 'People', actions: ['read'] },
  { area: 'alerts', name: 'Alerts', actions: ['read', 'write'] },
  { area: 'attempts', name: 'Unauthorised attempts', actions: ['read', 'write'] },
  { area: 'audit', name: 'Audit log', actions: ['read'] },
  { area: 'billing', name: 'Costs, invoices and wallets', actions: ['read', 'write'] },
  { area: 'certificates', name: 'Certificates of stations', actions: ['read', 'write'] },
  { area: 'clients', name: 'Machine clients', actions: ['read'] },
  { area: 'contracts', name: 'Contracts of Plug & Charge', actions: ['read', 'write'] },
  { area: 'devices', name: 'Inside of stations: settings, logs, commands', actions: ['read', 'write'] },
  { area: 'disputes', name: 'Objections to invoices', actions: ['read', 'write'] },
  { area: 'feedback', name: 'Ratings', actions: ['read', 'write'] },
  { area: 'insights', name: 'Anomalies and reports', actions: ['read'] },
  { area: 'lists', name: 'Local authorisation lists', actions: ['read', 'write'] },
  { area: 'load', name: 'Limits of sites', actions: ['read', 'write'] },
  { area: 'partners', name: 'OCPI partners', actions: ['read', 'write'] },
  { area: 'personal', name: 'Personal data as it is, not masked', actions: ['read'] },
  { area: 'sessions', name: 'Sessions and reservations', actions: ['read', 'write'] },
  { area: 'stations', name: 'Places, stations and connectors', actions: ['read', 'write'] },
  { area: 'tariffs', name: 'Tariffs', actions: ['read', 'write'] },
  { area: 'tokens', name: 'Cards and decisions about them', actions: ['read', 'write'] },
  { area: 'trust', name: 'Trusted certificates', actions: ['read', 'write'] },
];

const ACTIONS = { read: 'see', write: 'change' } as const;

/** What an action on an area is called: `see`. */
export function scopeActionText(action: 'read' | 'write'): string {
  return ACTIONS[action];
}

/** Scopes in words: `Sessions and reservations: see, change`. One that is not known here stays as it is. */
export function scopesText(scopes: readonly string[]): string {
  const known = SCOPE_AREAS.flatMap(({ area, name, actions }) => {
    const held = actions.filter((action) => scopes.includes(`${area}:${action}`));
    return held.length > 0 ? [`${name}: ${held.map(scopeActionText).join(', ')}`] : [];
  });
  const all = new Set(
    SCOPE_AREAS.flatMap(({ area, actions }) => actions.map((action) => `${area}:${action}`)),
  );
  return [...known, ...scopes.filter((scope) => !all.has(scope))].join(' · ');
}
