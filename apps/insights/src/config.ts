/** Insights has no settings of its own; what every service has is in the platform's base shape. */
export const configShape = {};
