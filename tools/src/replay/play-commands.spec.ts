import { describe, expect, it } from 'vitest';
import { PlayCommands } from './play-commands.js';
import type { Frame, RecordedLine } from './recording.js';

const asked: Frame = [2, 'r-1', 'ClearCache', {}];
const accepted: Frame = [3, 'r-1', { status: 'Accepted' }];

/** Plays one recorded command; the central system sends it under its own id, and the API then tells `outcome`. */
async function play(recorded: Frame, outcome: string, more: RecordedLine[] = [], refuses = false) {
  const sent: Frame[] = [];
  const commands = new PlayCommands('CP-1', more, (action, payload) => {
    sent.push([2, 'ours', action, payload]);
    return new Promise((resolve) => setTimeout(() => resolve(outcome), 10));
  });
  const came = commands.ask(asked);
  const taken = commands.takes([2, 'ours', 'ClearCache', {}]);
  await came;
  const answer = commands.answer(recorded);
  if (refuses) commands.resultRefused('ours');
  await commands.settle(recorded);
  return { sent, taken, answer, problems: commands.problems, done: commands.done };
}

describe('a command of a recording', () => {
  it('is sent over the API, answered as recorded under the id it came with, and has the outcome of that answer', async () => {
    const played = await play(accepted, 'ACCEPTED');
    expect(played.sent).toEqual([[2, 'ours', 'ClearCache', {}]]);
    expect(played.taken).toBe(true);
    expect(played.answer).toEqual([3, 'ours', { status: 'Accepted' }]);
    expect(played).toMatchObject({ problems: [], done: 1 });
  });

  it.each([
    [accepted, 'UNKNOWN', 'ACCEPTED'],
    [[3, 'r-1', { status: 'Rejected' }], 'ACCEPTED', 'REJECTED'],
    [[4, 'r-1', 'NotSupported', '', {}], 'REJECTED', 'CHARGER_ERROR'],
  ] as const)('answered with %j is no %s', async (recorded, outcome, wanted) => {
    const { problems, done } = await play(recorded, outcome);
    expect(problems).toEqual([`CP-1 ClearCache r-1: the outcome is ${outcome}, not ${wanted}`]);
    expect(done).toBe(0);
  });

  it('answered with something unusable is a charger error and costs a CALLRESULTERROR', async () => {
    const line: RecordedLine = { id: 'CP-1', dir: 'csms->cs', frame: [5, 'r-1', 'FormatViolation', '', {}] };
    const misanswered: Frame = [3, 'r-1', ['Accepted']];
    expect((await play(misanswered, 'CHARGER_ERROR', [line], true)).problems).toEqual([]);
  });

  it('that does not come is a problem, and nothing is answered', async () => {
    const commands = new PlayCommands('CP-1', [], () => Promise.resolve('OFFLINE'));
    await commands.ask(asked);
    expect(commands.problems).toEqual(['CP-1 ClearCache: did not come (OFFLINE)']);
    expect(commands.answer(accepted)).toBeUndefined();
  });

  it('is told from one that the recording does not have', () => {
    const commands = new PlayCommands('CP-1', [], () => new Promise<string>(() => undefined));
    void commands.ask(asked);
    expect(commands.takes([2, 'a', 'GetVariables', {}])).toBe(false);
    expect(commands.takes([2, 'b', 'ClearCache', { customData: { vendorId: 'x' } }])).toBe(false);
    expect(commands.takes([2, 'c', 'ClearCache', {}])).toBe(true);
    expect(commands.takes([2, 'd', 'ClearCache', {}])).toBe(false);
  });
});
