import type { AccountParts } from './documents/account.js';

type Role = AccountParts['role'];

/** Which portal a person gets. What they may do is decided by the platform: here nothing is offered that it would refuse. */
export function viewOf(role: Role): 'driver' | 'operator' | 'partner' {
  return role === 'DRIVER' ? 'driver' : role === 'PARTNER' ? 'partner' : 'operator';
}

/** Support sees what operators see and changes nothing of it. */
export function mayAct(role: Role): boolean {
  return role !== 'SUPPORT' && role !== 'PARTNER';
}
