/** The station's clock: the cases begin a while ago, so that nothing lies in the future. */
export function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

export function inHours(hours: number): string {
  return minutesAgo(-hours * 60);
}
