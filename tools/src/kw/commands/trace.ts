import { setTimeout as pause } from 'node:timers/promises';
import { wrongInput } from '../kw-error.js';
import type { CommandContext } from './context.js';
import { findStation } from './find-station.js';

export interface TraceOptions {
  readonly follow: boolean;
  readonly search?: string | undefined;
  readonly action?: string | undefined;
  /** ISO 8601: nothing older is looked at. */
  readonly from?: string | undefined;
}

interface Frame {
  readonly id: string;
  readonly at: string;
  readonly direction: 'RECEIVED' | 'SENT';
  readonly action: string | null;
  readonly text: string;
  readonly truncated: boolean;
}

interface Page {
  readonly station: {
    readonly frames: {
      readonly edges: { readonly cursor: string; readonly node: Frame }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    } | null;
  };
}

const PAGE = 50;
const LOOK_EVERY_MS = 1_000;
const FRAMES = `query($id: ID!, $first: Int!, $after: String, $filter: WireFrameFilter, $newestFirst: Boolean) {
  station(id: $id) { frames(first: $first, after: $after, filter: $filter, newestFirst: $newestFirst) {
    edges { cursor node { id at direction action text truncated } } pageInfo { hasNextPage endCursor } } } }`;

/** `kw trace STATION [--follow] [--search TEXT] [--action ACTION] [--from TIME]`: the last frames in the order of the wire, then each new one. */
export async function trace(
  [station]: readonly string[],
  { client, output, signal }: CommandContext,
  { follow, search, action, from }: TraceOptions,
): Promise<number> {
  if (!station)
    throw wrongInput(
      'which station? kw trace STATION [--follow] [--search TEXT] [--action ACTION] [--from TIME]',
    );
  const id = await findStation(client, station);
  const filter = {
    ...(search ? { contains: search } : {}),
    ...(action ? { action } : {}),
    ...(from ? { from } : {}),
  };
  const ask = async (variables: object) => {
    const { station: found } = await client.request<Page>(FRAMES, { id, first: PAGE, filter, ...variables });
    if (!found.frames) throw wrongInput('frames are for operators');
    return found.frames;
  };
  const show = (frames: readonly Frame[]) =>
    frames.forEach((frame) => output.next(frame, () => lineOf(frame)));
  // From the newest frame on, whatever it says; with none yet, from now on.
  let after = follow
    ? ((await ask({ first: 1, newestFirst: true, filter: {} })).edges[0]?.cursor ?? null)
    : null;
  const sinceNow = after === null ? { from: new Date().toISOString() } : {};
  const { edges } = await ask({ newestFirst: true });
  const shown = new Set(edges.map(({ node }) => node.id));
  show(edges.map(({ node }) => node).reverse());
  // What is looked for is picked out here: the gateway would search again and again from the last frame that had it.
  const isWanted = ({ id, action: of, text }: Frame) =>
    !shown.has(id) &&
    (action === undefined || of === action) &&
    (search === undefined || text.toLowerCase().includes(search.toLowerCase()));
  while (follow && !signal.aborted) {
    const page = await ask({ newestFirst: false, after, filter: sinceNow });
    show(page.edges.map(({ node }) => node).filter(isWanted));
    after = page.pageInfo.endCursor ?? after;
    if (!page.pageInfo.hasNextPage) await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return 0;
}

function lineOf({ at, direction, text, truncated }: Frame): string {
  return `${at}  ${direction === 'RECEIVED' ? '<-' : '->'}  ${text}${truncated ? ' ...' : ''}`;
}
