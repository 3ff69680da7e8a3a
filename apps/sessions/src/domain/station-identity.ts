/** What a charger calls itself (OCPP 2.0.1 part 4, 3.1.1; 1.6-J 3.1.1), compared without case (Q4). */
const IDENTITY = /^[A-Za-z0-9*\-_=:+|@. ]{1,48}$/;

export function isStationIdentity(text: string): boolean {
  return IDENTITY.test(text) && text.trim() === text;
}

export function foldIdentity(identity: string): string {
  return identity.trim().toLowerCase();
}
