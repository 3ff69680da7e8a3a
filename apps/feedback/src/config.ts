/** Feedback needs no settings beyond the platform's base shape. */
export const configShape = {};
