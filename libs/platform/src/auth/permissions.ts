/**
 * All there is to be allowed, `area:action`. These names are also the scopes of machine clients, so a name once given stays.
 * Whether a role may it on everything of the tenant or only on its own: role-grants.ts.
 */
export const PERMISSIONS = {
  'accounts:read': 'people: who they are',
  'accounts:write': 'people: oneself; for administrators everybody, with roles',
  'alerts:read': 'alerts and how they went out',
  'alerts:write': 'mark alerts as read, choose channels',
  'attempts:read': 'incidents of unauthorised attempts, with evidence',
  'attempts:write': 'close incidents, set thresholds, watch tokens',
  'audit:read': 'who did what: the audit log',
  'billing:read': 'costs, CDRs, invoices, wallets, the journal',
  'billing:write': 'top-ups and transfers',
  'cards:write': 'save and remove cards, choose to pay by card, pay with them',
  'certificates:read': 'certificates of stations and requests for them',
  'certificates:write':
    'sign, renew and revoke certificates of stations, move them to another security profile',
  'clients:read': 'machine clients and their scopes',
  'clients:write': 'create machine clients, renew their secrets, remove them',
  'contracts:read': 'contracts of Plug & Charge',
  'contracts:write': 'add and cancel contracts',
  'devices:read': 'the inside of stations: settings, logs, frames, commands, connection attempts',
  'devices:write': 'commands to stations, settings, firmware, registration',
  'disputes:read': 'objections to invoices',
  'disputes:write': 'object to an invoice; for operators decide about it',
  'feedback:read': 'ratings with their texts',
  'feedback:write': 'rate a session',
  'insights:read': 'anomalies and reports',
  'lists:read': 'local authorisation lists and what stations hold of them',
  'lists:write': 'send local lists again, choose who is on them',
  'load:read': 'limits of sites and what is given out of them',
  'load:write': 'set limits of sites',
  'partners:read': 'OCPI partners',
  'partners:write': 'invite, register, rotate and remove OCPI partners',
  'personal:read': 'fields marked @personal as they are; without it they come masked',
  'sessions:read': 'sessions, reservations, energy',
  'sessions:write': 'start, stop, reserve',
  'stations:read': 'places, stations and connectors, whether they are free',
  'stations:write': 'add and change stations and places',
  'tariffs:read': 'tariffs',
  'tariffs:write': 'add and change tariffs',
  'tokens:read': 'tokens, masked, and decisions about them',
  'tokens:write': 'add, block and unblock tokens',
  'trust:read': 'certificates that chains are checked against',
  'trust:write': 'import, approve and remove them; policies of contract certificates',
} as const satisfies Readonly<Record<`${string}:${'read' | 'write'}`, string>>;

export type Permission = keyof typeof PERMISSIONS;

/**
 * Only a person may hand out power over accounts and clients: else a leaked secret makes its own successors. And only people have cards.
 */
const OF_PEOPLE_ALONE: readonly Permission[] = ['accounts:write', 'cards:write', 'clients:write'];

/** The scopes that a machine client may hold. */
export const SCOPES: readonly Permission[] = (Object.keys(PERMISSIONS) as Permission[]).filter(
  (permission) => !OF_PEOPLE_ALONE.includes(permission),
);

export function isScope(name: string): name is Permission {
  return (SCOPES as readonly string[]).includes(name);
}
