/** Whose stations those of the demo are: what stands in their certificates. */
export const DEMO_ORGANISATION = 'Kilowatch Demo';
