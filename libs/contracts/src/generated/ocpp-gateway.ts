// Generated from proto/ by `npm run generate`. Do not edit.
export * from './kilowatch/ocpp_gateway/v1/connection_events.js';
export * from './kilowatch/ocpp_gateway/v1/ocpp_gateway_commands.js';
export * from './kilowatch/ocpp_gateway/v1/ocpp_gateway_events.js';
export * from './kilowatch/ocpp_gateway/v1/ocpp_gateway_service.js';
