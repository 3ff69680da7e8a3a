/** How long a station that is spoken to is left to who speaks to it. Renewed with each message; longer than it may take for one. */
export const LEASE_MS = 120_000;
