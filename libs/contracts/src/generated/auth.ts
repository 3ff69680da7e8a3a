// Generated from proto/ by `npm run generate`. Do not edit.
export * from './kilowatch/auth/v1/attempt_events.js';
export * from './kilowatch/auth/v1/auth_events.js';
export * from './kilowatch/auth/v1/auth_service.js';
export * from './kilowatch/auth/v1/certificate_service.js';
export * from './kilowatch/auth/v1/contract_service.js';
export * from './kilowatch/auth/v1/people_events.js';
export * from './kilowatch/auth/v1/people_service.js';
