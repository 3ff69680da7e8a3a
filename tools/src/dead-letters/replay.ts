import { waitFor } from '@kilowatch/testing/wait-for';
import type { DeadLetterBox, Letter } from './dead-letter-box.js';

/** The services look every two seconds; a hundred letters of one service are done within this. */
const WITHIN_MS = 60_000;

/** Asks for the replay of all and reports each as it is done. Returns the exit code: 0 = every one had its effect. */
export async function replay(
  box: DeadLetterBox,
  letters: readonly Letter[],
  print: (line: string) => void,
  withinMs = WITHIN_MS,
): Promise<number> {
  const open = new Map<string, Letter>();
  let failed = 0;
  for (const letter of letters) {
    if (await box.requestReplay(letter)) open.set(letter.id, letter);
    else print(`${letter.id}  is ${letter.state} already`);
  }
  const look = async () => {
    for (const { id } of open.values()) {
      const now = await box.find(id);
      if (!now || now.state === 'requested') continue;
      open.delete(id);
      if (now.state !== 'replayed') failed += 1;
      print(`${id}  ${outcomeOf(now)}`);
    }
    return open.size === 0;
  };
  await waitFor('the replays', look, { timeoutMs: withinMs, everyMs: 250 }).catch(() => undefined);
  for (const { id, service } of open.values()) {
    print(
      `${id}  ${service} has not taken it up after ${withinMs / 1_000} s: is it running? It will when it is.`,
    );
  }
  if (letters.length === 0) print('no dead letters');
  return failed === 0 && open.size === 0 ? 0 : 1;
}

function outcomeOf({ state, errorCode, errorText }: Letter): string {
  if (state === 'replayed') return 'replayed';
  if (state === 'discarded') return 'was discarded meanwhile';
  return errorText.startsWith(errorCode)
    ? `failed again: ${errorText}`
    : `failed again: ${errorCode} ${errorText}`;
}
