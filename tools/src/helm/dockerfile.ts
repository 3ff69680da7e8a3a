export interface Instruction {
  readonly name: string;
  readonly argument: string;
}

/** Instructions of a Dockerfile in order; comments left out, continued lines joined. */
export function instructions(dockerfile: string): Instruction[] {
  const text = dockerfile
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ');
  return text.split('\n').flatMap((line) => {
    const found = /^\s*([A-Z]+)\s+(.*)$/.exec(line);
    return found ? [{ name: found[1] ?? '', argument: (found[2] ?? '').trim() }] : [];
  });
}

const SECRET_NAME = /(SECRET|PASSWORD|TOKEN|PRIVATE|_KEY)/i;

/** What is wrong with a Dockerfile that becomes a production image. `exists`: a path of the build context is there. */
export function dockerfileProblems(dockerfile: string, exists: (path: string) => boolean): string[] {
  const all = instructions(dockerfile);
  const last = all.slice(all.findLastIndex(({ name }) => name === 'FROM'));
  const args = new Map<string, string>();
  for (const { name, argument } of all) {
    const [variable = '', value = ''] = argument.split('=', 2);
    if (name === 'ARG') args.set(variable, value);
  }
  const stages = new Set<string>();
  const problems: string[] = [];
  for (const { name, argument } of all) {
    if (name === 'FROM') {
      const [, image = '', stage] = /^(\S+)(?: AS (\S+))?$/.exec(argument) ?? [];
      if (!stages.has(image) && !isPinned(filled(image, args))) problems.push(`${image} has no version`);
      if (stage) stages.add(stage);
    } else if (name === 'COPY') problems.push(...copyProblems(argument, stages, exists));
    else if ((name === 'ENV' || name === 'ARG') && SECRET_NAME.test(argument)) {
      problems.push(`${name} ${argument}: a secret would stay in the image`);
    } else if (name === 'ADD') problems.push('ADD fetches and unpacks: use COPY');
  }
  const user = last.findLast(({ name }) => name === 'USER')?.argument ?? 'root';
  if (!/^[1-9]\d*(:[1-9]\d*)?$/.test(user))
    problems.push(`runs as ${user}: a numeric user that is not 0 is wanted`);
  for (const name of ['ENTRYPOINT', 'CMD']) {
    const form = last.find((instruction) => instruction.name === name)?.argument ?? '';
    if (!form.startsWith('[')) problems.push(`${name} is not in exec form: a shell would swallow SIGTERM`);
  }
  return problems;
}

function filled(image: string, args: ReadonlyMap<string, string>): string {
  return image.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => args.get(name) ?? '');
}

function isPinned(image: string): boolean {
  return /(@sha256:[0-9a-f]{64}|:(?!latest\b)[\w.-]+)$/.test(image);
}

function copyProblems(
  argument: string,
  stages: ReadonlySet<string>,
  exists: (path: string) => boolean,
): string[] {
  const words = argument.split(/\s+/);
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
  if (from !== undefined && !stages.has(from)) return [`COPY from ${from}: no such stage`];
  // node_modules is made in the build; everything else a stage copies comes from the context.
  return sources
    .map((source) => (from === undefined ? source : source.replace(/^\/app\//, '')))
    .filter((source) => source !== 'node_modules' && !exists(source))
    .map((source) => `COPY ${source}: there is no such path`);
}
