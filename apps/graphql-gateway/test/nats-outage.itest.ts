import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startNats } from '@kilowatch/testing';
import { connect } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { startGateway } from './gateway-harness.js';
import { Watcher } from './watcher.js';

// Real: the gateway, WebSocket, a NATS of its own that comes late. Fake: the subgraphs.
it('shows the session without NATS, again when NATS comes up, and then with each message', async () => {
  const storeDir = mkdtempSync(join(tmpdir(), 'kilowatch-nats-'));
  const port = await freePort();
  const gateway = await startGateway({ KW_NATS_URL: `nats://127.0.0.1:${port}` });
  const watcher = await (await Watcher.connect(gateway.host, await gateway.bearer())).ready();
  const subscription = watcher.subscribe('subscription { sessionUpdated(id: "s-late") { looks } }');
  await watcher.result(subscription, 1);

  const nats = await startNats({ storeDir, port });
  try {
    expect((await watcher.result(subscription, 2)).data?.['sessionUpdated']).toEqual({ looks: 2 });
    const connection = await connect({ servers: nats.url });
    connection.publish('live.session.demo.s-late', JSON.stringify({ id: 's-late' }));
    expect((await watcher.result(subscription, 3)).data?.['sessionUpdated']).toEqual({ looks: 3 });
    await connection.close();
  } finally {
    watcher.end();
    await gateway.close();
    await nats.stop();
    rmSync(storeDir, { recursive: true });
  }
});
