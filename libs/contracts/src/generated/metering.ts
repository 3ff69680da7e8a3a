// Generated from proto/ by `npm run generate`. Do not edit.
export * from './kilowatch/metering/v1/metering_events.js';
export * from './kilowatch/metering/v1/metering_service.js';
