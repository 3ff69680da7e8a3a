/** Injection tokens of the services this one calls. */
export const AUTH_CLIENT = Symbol('sessions.auth-client');
export const COMMAND_CLIENT = Symbol('sessions.command-client');
