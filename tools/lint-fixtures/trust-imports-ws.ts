// lint-as: libs/trust/src/violation.ts
// expect: no-restricted-imports
// message: no framework
export { WebSocket } from 'ws';
