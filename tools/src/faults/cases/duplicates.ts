import { waitFor } from '@kilowatch/testing';
import { CommandProbe } from '../command-probe.js';
import { publishAllAgain } from '../events-again.js';
import type { Fault } from '../fault.js';
import { GrpcAgain } from '../grpc-again.js';
import { judgeBooks } from '../judge-books.js';
import { invitePartner, ocpiPutTwice } from '../ocpi-again.js';
import { RepeatedCalls } from '../repeated-calls.js';
import type { Member, Stage } from '../stage.js';

/** Fault 7: everything that can come twice does: messages of chargers, gRPC calls, events, commands, a PUT over OCPI. */
export const DUPLICATES: Fault = {
  name: 'duplicates',
  number: 7,
  what: 'every transaction message and its gRPC calls come three times, every event again and again, commands and an OCPI PUT twice',
  promises: ['P1', 'P2', 'P3', 'P5', 'P6'],
  chargers: 50,
  async play(stage) {
    const repeats = new Map<Member, RepeatedCalls>();
    const grpc = new GrpcAgain(stage);
    const invited = await invitePartner(stage);
    const fleet = await stage.fleet(stage.chargers, {
      onFrame: (member, direction, frame) => {
        grpc.onFrame(member, direction, frame);
        repeatsOf(stage, repeats, member).onFrame(direction, frame);
      },
    });
    const running = await stage.charging(fleet);
    const { natsUrl } = stage.system.addresses;
    const early = await publishAllAgain(natsUrl);
    await stage.readings(running, 2);
    const probe = new CommandProbe(stage);
    const outcomes = await repeatedCommands(stage, probe, fleet);
    await grpc.repeat();
    stage.endAll(fleet);
    await stage.delivered();
    await grpc.repeat();
    const late = await publishAllAgain(natsUrl);
    await judgeBooks(stage);
    const all = [...repeats.values()];
    const answered = () => all.every((calls) => calls.answered === calls.repeated);
    const heard = await waitFor('answers to all repetitions', answered).catch(() => false);
    const sum = all.reduce((total, { repeated }) => total + repeated, 0);
    stage.say(`${sum} messages repeated, ${grpc.calls} gRPC calls, ${early + late} events published again`);
    stage.judge('P2', [
      ...grpc.problems,
      ...(grpc.calls > 0 ? [] : ['no gRPC call was repeated']),
      ...all.flatMap(({ differences }) => differences),
      ...(heard ? [] : ['not every repetition was answered']),
      ...(sum > 0 ? [] : ['nothing was repeated']),
    ]);
    stage.judge('P5', [...outcomes, ...probe.problems()]);
    stage.judge('P3', await ocpiPutTwice(stage, invited));
  },
};

function repeatsOf(stage: Stage, repeats: Map<Member, RepeatedCalls>, member: Member): RepeatedCalls {
  const known = repeats.get(member);
  if (known) return known;
  const { charger } = member;
  const made = new RepeatedCalls(
    charger.identity,
    (text) => charger.socket?.sendRaw(text),
    () => stage.random.uuid(),
  );
  repeats.set(member, made);
  return made;
}

/** The same key again, at once and afterwards: the charger hears of it once, and the outcome is the same. */
async function repeatedCommands(
  stage: Stage,
  probe: CommandProbe,
  fleet: readonly Member[],
): Promise<string[]> {
  const problems: string[] = [];
  for (const member of fleet.slice(0, 5)) {
    const mark = stage.random.uuid();
    const [first] = await Promise.all([probe.send(member, mark), probe.send(member, mark)]);
    const last = await probe.send(member, mark);
    if (first?.outcome !== 'ACCEPTED' && last.outcome !== 'ACCEPTED')
      problems.push(`a command was ${first?.outcome}, then ${last.outcome}`);
  }
  return problems;
}
