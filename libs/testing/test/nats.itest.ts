import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startNats } from '../src/infra/nats.js';
import { natsServerBinary } from '../src/infra/nats-binary.js';
import { portAccepts } from '../src/infra/ports.js';
import { testInfraUrl } from '../src/infra/test-database.js';

// Real: nats-server, started and killed here, and the one of the run.
const storeDir = mkdtempSync(join(tmpdir(), 'kilowatch-nats-'));
afterAll(() => rmSync(storeDir, { recursive: true, force: true }));

describe('startNats', () => {
  it('keeps a stream over a kill -9 and a restart on the same store', async () => {
    const first = await startNats({ storeDir });
    const before = await connect({ servers: first.url });
    await (await jetstreamManager(before)).streams.add({ name: 'KEPT', subjects: ['kept.>'] });
    await jetstream(before).publish('kept.one', 'hello');
    await before.close();
    await first.kill();
    expect(await portAccepts(first.port)).toBe(false);

    const second = await startNats({ storeDir, port: first.port });
    const after = await connect({ servers: second.url });
    expect((await (await jetstreamManager(after)).streams.info('KEPT')).state.messages).toBe(1);
    await after.close();
    await second.stop();
  });

  it('says why when the port is taken', async () => {
    const taken = Number(new URL(testInfraUrl('KW_TEST_NATS_URL')).port);
    await expect(startNats({ storeDir: join(storeDir, 'other'), port: taken })).rejects.toThrow(
      /ended while starting/,
    );
  });

  it('finds nats-server outside PATH where Debian puts it', async () => {
    await expect(natsServerBinary({ ...process.env, PATH: '/nowhere' })).resolves.toMatch(/nats-server$/);
  });
});
