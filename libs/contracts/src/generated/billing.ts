// Generated from proto/ by `npm run generate`. Do not edit.
export * from './kilowatch/billing/v1/billing_events.js';
export * from './kilowatch/billing/v1/billing_service.js';
