/** What people recognise a sign-in by. Told by the client itself: for showing, never for deciding. */
export interface Device {
  /** As graphql-gateway saw it; undefined when nobody knows. */
  readonly address: string | undefined;
  /** User-Agent header. */
  readonly agent: string | undefined;
}

// The first that matches counts: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b|\biPad\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** `Firefox on Linux`, else the first word of what it calls itself, else nothing. */
export function deviceName(agent: string | undefined): string {
  if (!agent) return '';
  const program = named(PROGRAMS, agent);
  const system = named(SYSTEMS, agent);
  if (program && system) return `${program} on ${system}`;
  return program ?? system ?? (/^[\w.-]{1,40}/.exec(agent)?.[0] || '');
}

function named(list: readonly (readonly [RegExp, string])[], agent: string): string | undefined {
  return list.find(([pattern]) => pattern.test(agent))?.[1];
}
