// The GraphQL API and the built portal from memory, for looking at pages without the platform:
// `node test/mock-server/main.mjs [port]`. Sign in as driver@, operator@ or admin@demo.example, demo-password.
// Send SIGUSR2 for a fault at a station; everything else happens by itself or by clicking.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { graphql } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { apiSchema } from '../../scripts/generate-documents.mjs';
import { createBus } from './bus.mjs';
import { rootValue } from './resolvers.mjs';
import { alert, createWorld } from './world.mjs';

const DIST = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../dist');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

const port = Number(process.argv[2] ?? 4000);
const host = `127.0.0.1:${port}`;
const world = createWorld(Date.now());
const bus = createBus();
const root = rootValue(world, bus);
const schema = apiSchema();
const contextOf = (authorization) => ({ role: /^Bearer (\w+)\./.exec(authorization ?? '')?.[1] });

const server = createServer(async (request, response) => {
  // The headers the gateway sends: what breaks under them breaks here.
  response.setHeader(
    'content-security-policy',
    `default-src 'self'; connect-src 'self' ws://${host}; img-src 'self' data:`,
  );
  const { pathname } = new URL(request.url, `http://${host}`);
  if (pathname === '/graphql') return answer(request, response);
  const file = path.join(DIST, path.normalize(pathname));
  const found = path.extname(file) ? file : path.join(DIST, 'index.html');
  const body = await readFile(found).catch(() => undefined);
  response.writeHead(body ? 200 : 404, { 'content-type': TYPES[path.extname(found)] ?? 'text/plain' });
  response.end(body ?? 'not found');
});

async function answer(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
  const contextValue = contextOf(request.headers.authorization);
  const result = await graphql({
    schema,
    source: query,
    variableValues: variables,
    rootValue: root,
    contextValue,
  });
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(result));
}

const sockets = new WebSocketServer({ server, path: '/graphql' });
useServer(
  {
    schema,
    roots: { subscription: root },
    context: ({ connectionParams }) => contextOf(connectionParams?.authorization),
  },
  sockets,
);

const ticking = setInterval(() => {
  for (const one of world.sessions) if (one.state === 'ACTIVE') bus.emit('session', one.id);
}, 2_000);

process.on('SIGUSR2', () => {
  const station = world.stations[1];
  const [connector] = station.evses[1].connectors;
  Object.assign(connector, {
    status: 'FAULTED',
    errorCode: 'OverCurrentFailure',
    statusSince: new Date().toISOString(),
  });
  const raised = alert(
    `fault-${Date.now()}`,
    'STATION_FAULT',
    'CRITICAL',
    `Overcurrent at ${station.name}`,
    'Point 2 reports OverCurrentFailure.',
    Date.now(),
    { station },
  );
  world.operatorAlerts.unshift(raised);
  bus.emit('station', station.id);
  bus.emit('alert', raised);
});
process.on('SIGTERM', () => {
  clearInterval(ticking);
  server.close();
  server.closeAllConnections();
  for (const socket of sockets.clients) socket.terminate();
});

server.listen(port, '127.0.0.1', () => process.stdout.write(`mock portal: http://${host}\n`));
