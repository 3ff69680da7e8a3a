// The floor: the least a server can do for the same frames. Run as a process of its own: node floor-server.js PORT [POSTGRES_URL]
import { createServer } from 'node:http';
import pg from 'pg';
import { WebSocketServer } from 'ws';

const ANSWERS: Record<string, (now: string) => unknown> = {
  BootNotification: (now) => ({ currentTime: now, interval: 300, status: 'Accepted' }),
  Authorize: () => ({ idTagInfo: { status: 'Accepted' }, idTokenInfo: { status: 'Accepted' } }),
  StartTransaction: () => ({ transactionId: 1, idTagInfo: { status: 'Accepted' } }),
};

const [port, databaseUrl] = process.argv.slice(2);
const pool = databaseUrl ? new pg.Pool({ connectionString: databaseUrl, max: 2 }) : undefined;
await pool?.query('create table if not exists bench_floor (station text, body text)');

/** Group commit: rows of all sockets that arrived while the last commit was under way go into one insert. */
let waiting: { station: string; body: string; done: () => void }[] = [];
let busy = false;
async function flush(): Promise<void> {
  if (busy || !pool || waiting.length === 0) return;
  busy = true;
  const batch = waiting;
  waiting = [];
  await pool.query('insert into bench_floor select * from unnest($1::text[], $2::text[])', [
    batch.map((row) => row.station),
    batch.map((row) => row.body),
  ]);
  batch.forEach((row) => row.done());
  busy = false;
  void flush();
}

const server = createServer();
const sockets = new WebSocketServer({
  server,
  perMessageDeflate: false,
  handleProtocols: ([first]) => first ?? false,
});
sockets.on('connection', (socket, request) => {
  const station = request.url ?? '';
  socket.on('message', (data) => {
    const text = String(data);
    const [, id, action] = JSON.parse(text) as [number, string, string];
    const answer = () => {
      socket.send(JSON.stringify([3, id, ANSWERS[action]?.(new Date().toISOString()) ?? {}]));
    };
    if (!pool) return answer();
    waiting.push({ station, body: text, done: answer });
    void flush();
  });
});
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
