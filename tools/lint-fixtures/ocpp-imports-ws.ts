// lint-as: libs/ocpp/src/violation.ts
// expect: no-restricted-imports
// message: no framework
export { WebSocket } from 'ws';
