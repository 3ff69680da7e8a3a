/**
 * Whose session it is, as sessions tells it. OCPP 2.x sessions may begin with the cable, and messages come late, so a driver may be told
 * during the session, after its end, or after its bill.
 */
export interface ToldDriver {
  readonly accountId: string;
  readonly tokenId: string;
  readonly tokenRefused: boolean;
}

/** Whose session it is: an account, or an accepted token that has none here (roaming). A refused token is nobody's. */
export function isDriverKnown({ accountId, tokenId, tokenRefused }: ToldDriver): boolean {
  return accountId !== '' || (tokenId !== '' && !tokenRefused);
}

/**
 * How a bill stands to the driver who is told now. RIGHT: it is theirs, or nobody is told. NOBODYS: it was issued when nobody knew them.
 * ANOTHERS: somebody else has it.
 */
export function billStanding(billed: ToldDriver, told: ToldDriver): 'RIGHT' | 'NOBODYS' | 'ANOTHERS' {
  if (!isDriverKnown(told)) return 'RIGHT';
  if (!isDriverKnown(billed)) return 'NOBODYS';
  const isSame =
    told.accountId === billed.accountId && (told.accountId !== '' || told.tokenId === billed.tokenId);
  return isSame ? 'RIGHT' : 'ANOTHERS';
}
