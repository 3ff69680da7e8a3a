// Generated from proto/ by `npm run generate`. Do not edit.
export * from './kilowatch/sessions/v1/local_list_events.js';
export * from './kilowatch/sessions/v1/sessions_events.js';
export * from './kilowatch/sessions/v1/sessions_service.js';
export * from './kilowatch/sessions/v1/station_message.js';
