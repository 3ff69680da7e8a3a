import { SERVICES } from '../../system/services.js';
import type { Fault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';

const AWAY_MS = 1_500;

/** Fault 1: each process is killed (-9) in mid-session, comes back, and the sessions end while it finds its feet. */
export const KILLS: readonly Fault[] = [...SERVICES.map(({ name }) => name), 'postgres', 'nats'].map(killOf);

function killOf(target: string): Fault {
  return {
    name: `kill-${target}`,
    number: 1,
    what: `kill -9 of ${target} in mid-session`,
    promises: ['P1', 'P2', 'P3', 'P6'],
    chargers: 4,
    async play(stage) {
      const fleet = await stage.fleet();
      await stage.charging(fleet);
      await stage.system.kill(target);
      await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
      await stage.system.revive(target);
      stage.endAll(fleet);
      await judgeBooks(stage);
    },
  };
}
