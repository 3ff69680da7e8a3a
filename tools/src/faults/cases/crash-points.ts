import type { CrashPoint } from '@kilowatch/platform';
import type { Fault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';
import type { Stage } from '../stage.js';

/** Fault 1, at the worst moments: each service dies between two steps that no transaction holds together. */
export const CRASHES: readonly Fault[] = [
  crash('before-publish', ['sessions', 'metering', 'billing'], 'after the commit, before its event is out'),
  crash('before-stamp', ['sessions', 'metering', 'billing'], 'its events are out, not noted as such'),
  crash(
    'before-ack',
    ['metering', 'billing', 'notifications'],
    'after the effect of an event, before its ack',
  ),
  crash('before-answer', ['sessions', 'metering'], 'after the commit, before the gateway hears of it'),
];

function crash(point: CrashPoint, services: readonly string[], when: string): Fault {
  return {
    name: `crash-${point}`,
    number: 1,
    what: `${services.join(', ')} die(s) ${when}`,
    promises: ['P1', 'P2', 'P3', 'P6'],
    chargers: 10,
    async play(stage) {
      const fleet = await stage.fleet();
      await stage.charging(fleet);
      for (const service of services) {
        await dieWhileSessionsEnd(stage, service, point, () => stage.endAll(fleet));
        await stage.beginAll(fleet);
      }
      stage.endAll(fleet);
      await judgeBooks(stage);
    },
  };
}

/** The end of a session leads through every service: each passes its points. */
async function dieWhileSessionsEnd(
  stage: Stage,
  service: string,
  point: CrashPoint,
  endSessions: () => void,
): Promise<void> {
  const died = stage.system.crashAt(service, point);
  endSessions();
  await died;
  stage.say(`${service} died ${point}`);
  await stage.system.revive(service);
}
