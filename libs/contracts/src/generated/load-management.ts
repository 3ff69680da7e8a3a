// Generated from proto/ by `npm run generate`. Do not edit.
export * from './kilowatch/load_management/v1/load_management_events.js';
export * from './kilowatch/load_management/v1/load_management_service.js';
