// Generated from proto/ by `npm run generate`. Do not edit.
export * from './kilowatch/insights/v1/insights_events.js';
