// Generated from proto/ by `npm run generate`. Do not edit.
export * from './kilowatch/common/v1/call_bundle.js';
export * from './kilowatch/common/v1/common.js';
