import { waitFor } from '@kilowatch/testing';
import { CommandProbe } from '../command-probe.js';
import type { Fault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';
import type { Member, Stage } from '../stage.js';

const PODS = 2;
const DRAIN_SECONDS = 20;
const PRE_STOP_MS = 3_000;
/** As the chart counts it: preStop, drain, and 30 s. */
const GRACE_MS = (DRAIN_SECONDS + 30) * 1_000;
/** docs/ocpp-notes.md section 2. */
const BACK_WITHIN_MS = 90_000;
const MOST_MOVES = 1.2;
const COMMAND_EVERY_MS = 250;

/** Fault 10: both gateways are replaced as a Deployment with maxSurge 100 % does it, while every charger charges. */
export const ROLL_OUT: Fault = {
  name: 'roll-out',
  number: 10,
  what: `${PODS} gateway pods are replaced while all chargers charge and commands are sent`,
  promises: ['P1', 'P2', 'P3', 'P5', 'P6'],
  chargers: 500,
  system: {
    gatewayPods: PODS,
    extraEnv: { 'ocpp-gateway': { KW_DRAIN_SECONDS: String(DRAIN_SECONDS) } },
  },
  async play(stage) {
    const { pods } = stage.system;
    if (!pods) throw new Error('the roll-out needs gateway pods');
    // A reading every five seconds from each, and back-off as chargers have it.
    const fleet = await stage.fleet(stage.chargers, {
      speed: 12,
      backOff: { minimumMs: 1_000, randomMs: 3_000, maximumMs: 10_000 },
    });
    await stage.charging(fleet);
    const before = fleet.map(({ charger }) => charger.connectCount);
    const probe = new CommandProbe(stage);
    const commands = sendCommands(stage, probe, fleet);

    const old = [...pods.pods];
    for (let count = 0; count < PODS; count += 1) await pods.add();
    const began = performance.now();
    const failed = fleet.map(({ charger }) => charger.connectFailures.length);
    const retired = Promise.all(old.map((pod) => pods.retire(pod, PRE_STOP_MS, GRACE_MS)));
    void retired.then(() => stage.say(`the old pods have ended after ${secondsSince(began)} s`));
    const missing = () =>
      fleet.filter(
        ({ charger }, index) => !charger.isOnline() || charger.connectCount <= (before[index] ?? 0),
      );
    await waitFor('every charger on a new pod', () => missing().length === 0, {
      timeoutMs: BACK_WITHIN_MS,
    }).catch(() => false);
    const late = missing();
    for (const { charger } of late.slice(0, 3))
      stage.say(`${charger.identity} is not back: ${charger.connectFailures.slice(-3).join(', ')}`);
    const attempts = fleet.reduce(
      (sum, { charger }, index) => sum + charger.connectFailures.length - (failed[index] ?? 0),
      0,
    );
    const seconds = secondsSince(began);
    await retired;
    await commands.stop();

    const moves = fleet.map(({ charger }, index) => charger.connectCount - (before[index] ?? 0));
    const mean = moves.reduce((sum, count) => sum + count, 0) / fleet.length;
    stage.say(
      `${fleet.length - late.length} back after ${seconds} s, ${mean.toFixed(3)} moves each, most ${Math.max(...moves)}, ${attempts} attempts in vain`,
    );
    stage.judge('P6', [
      ...(late.length === 0
        ? []
        : [`${late.length} chargers were not back within ${BACK_WITHIN_MS / 1000} s`]),
      ...(mean <= MOST_MOVES ? [] : [`each charger was moved ${mean.toFixed(2)} times on average`]),
    ]);
    await stage.paced(fleet, (some) => stage.endAll(some));
    await judgeBooks(stage);
    stage.say(`commands: ${probe.summary()}`);
    const accepted = probe.sent.some(({ outcome }) => outcome === 'ACCEPTED');
    stage.judge('P5', [...(accepted ? [] : ['no command was carried out at all']), ...probe.problems()]);
  },
};

const secondsSince = (began: number) => ((performance.now() - began) / 1000).toFixed(1);

/** To one charger after the other, drawn by the seed, until it is stopped. */
function sendCommands(
  stage: Stage,
  probe: CommandProbe,
  fleet: readonly Member[],
): { stop: () => Promise<void> } {
  let wanted = true;
  const underway: Promise<unknown>[] = [];
  const loop = (async () => {
    while (wanted) {
      underway.push(probe.send(stage.random.pick(fleet)));
      await new Promise((resolve) => setTimeout(resolve, COMMAND_EVERY_MS));
    }
  })();
  return {
    stop: async () => {
      wanted = false;
      await loop;
      await Promise.all(underway);
    },
  };
}
