// Real: all services in one process, Postgres, NATS, WebSockets, SMTP. What each service does is tested where it has a process of its own.
import { chargeOnce } from '@kilowatch/tools/demo/charge-once';
import { demoTariff } from '@kilowatch/tools/demo/price-judge';
import { Timeline } from '@kilowatch/tools/demo/timeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEDERATED_SESSION } from './support/federated-session.js';
import { SystemUnderTest } from './support/system-under-test.js';

let sut: SystemUnderTest;

beforeAll(async () => {
  sut = await SystemUnderTest.start({ together: true }, demoTariff(new Date(), 'Europe/Amsterdam'));
});
afterAll(async () => {
  await sut?.stop();
});

const charge = (version: '1.6' | '2.0.1', identity: string) =>
  chargeOnce({
    ocppUrl: sut.system.ocppUrl,
    timeline: new Timeline(() => undefined, false),
    speed: 720,
    version,
    identity,
    driver: sut.people.driver,
    card: '04A1B2C3D4E5F6',
  });

/** What ended is there again, with every service ready. */
async function revived(): Promise<void> {
  sut.system.process('together').start();
  for (const service of Object.keys(sut.system.addresses.http)) await sut.system.ready(service);
}

describe('all services in one process', () => {
  it('bill a session by what the charger counted, and each tells its part of it', async () => {
    expect([...sut.system.pids().keys()].sort()).toEqual(['nats', 'postgres', 'together']);
    const { problems, receipt } = await charge('2.0.1', 'KW-DEMO-201');
    expect(problems).toEqual([]);
    const { session } = await sut.people.driver.request<{ session: Record<string, unknown> }>(
      FEDERATED_SESSION,
      { id: receipt.id },
    );
    expect(session).toMatchObject({
      state: 'ENDED',
      station: { identity: 'KW-DEMO-201' },
      cost: { final: true },
      invoice: { status: 'PAID' },
      rating: { score: 5 },
    });
  });

  it('are back with everything they had when the process was killed', async () => {
    await sut.system.kill('together');
    await revived();
    const { problems } = await charge('1.6', 'KW-DEMO-16');
    expect(problems).toEqual([]);
  });

  it('stop in good order when they are asked to', async () => {
    expect(await sut.system.process('together').stop()).toBe(0);
    expect(sut.log.filter((line) => /shutdown step failed|start failed|unhandled error/.test(line))).toEqual(
      [],
    );
  });
});
