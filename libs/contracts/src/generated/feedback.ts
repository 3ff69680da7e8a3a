// Generated from proto/ by `npm run generate`. Do not edit.
export * from './kilowatch/feedback/v1/feedback_events.js';
