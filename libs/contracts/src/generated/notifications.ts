// Generated from proto/ by `npm run generate`. Do not edit.
export * from './kilowatch/notifications/v1/notifications_events.js';
