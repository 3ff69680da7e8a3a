import type { CreateAccountInput } from '../api/documents/inputs.js';

/** What an administrator chooses among, the least power first. */
export const ROLE_CHOICES: readonly { readonly role: CreateAccountInput['role']; readonly text: string }[] = [
  { role: 'DRIVER', text: 'Driver: charges, and sees their own' },
  { role: 'PARTNER', text: 'Roaming partner: sees their link and where one may charge' },
  { role: 'SUPPORT', text: 'Support: reads everything, people masked' },
  { role: 'OPERATOR', text: 'Operator: runs stations, cards and bills' },
  { role: 'ADMIN', text: 'Administrator: everything, people and roles too' },
];
