/**
 * The messages that bring a station from the list it holds to the one we want (D01.FR.03-06, .11, .15-18; 1.6 section 5.15):
 * differentials where its list is known, else a Full; each with a version above all we ever sent and above the station's own, never
 * more entries than it takes in one message, and never more in its list than it holds.
 */
import { entryHash, type ListDialect, type ListEntry } from './list-entry.js';
import { listPayload, type ListRemoval } from './list-payload.js';

export interface HeldEntry extends ListRemoval {
  readonly tokenId: string;
  readonly hash: string;
}

export interface MessageLimits {
  readonly itemsPerMessage: number | undefined;
  /** Of the whole frame. */
  readonly bytesPerMessage: number | undefined;
}

export interface ListMessage {
  readonly updateType: 'Full' | 'Differential';
  readonly version: number;
  readonly upserts: readonly ListEntry[];
  readonly removals: readonly HeldEntry[];
}

export interface ListPlan {
  readonly messages: readonly ListMessage[];
  /** Tokens whose entry alone is larger than a message may be. */
  readonly tooLarge: readonly string[];
}

export interface PlanInput {
  readonly dialect: ListDialect;
  /** Undefined: nobody knows what the station holds. */
  readonly held: readonly HeldEntry[] | undefined;
  readonly wanted: readonly ListEntry[];
  /** `held` and `wanted` are of some tokens only: the rest of the list stays as it is. Not without `held`. */
  readonly isPart?: boolean;
  /** The version before, `nextVersion` of it is the first one sent. */
  readonly version: number;
  readonly limits: MessageLimits;
}

/** OCPP numbers are 32 bits. */
const LAST_VERSION = 2_147_483_647;
/** `[2,"<36 characters>","SendLocalList",...]` */
const FRAME_BYTES = 64;
const LIST_BYTES = Buffer.byteLength(',"localAuthorizationList":[]');

/** Versions are above 0 and only grow (D01.FR.18); beyond the last number a Full begins anew with 1. */
export function nextVersion(version: number): number {
  return version >= LAST_VERSION ? 1 : Math.max(0, version) + 1;
}

export function planList(input: PlanInput): ListPlan {
  const { held, wanted, dialect, limits } = input;
  const sizes = sizesOf(dialect);
  const room = (limits.bytesPerMessage ?? Infinity) - sizes.frame;
  const tooLarge = wanted.filter((entry) => sizes.of({ upsert: entry }) > room);
  const large = new Set(tooLarge.map(({ tokenId }) => tokenId));
  const sendable = wanted.filter(({ tokenId }) => !large.has(tokenId));
  const changes = held && changesBetween(held, sendable);
  // A Full without entries clears the list; no differential says that shorter.
  const isFull = !changes || (!input.isPart && sendable.length === 0 && changes.length > 0);
  const parts = isFull
    ? portions(
        sendable.map((upsert) => ({ upsert })),
        limits,
        sizes,
        true,
      )
    : portions(changes, limits, sizes, false);
  let { version } = input;
  const messages = parts.map((part, i): ListMessage => {
    version = nextVersion(version);
    return {
      updateType: isFull && i === 0 ? 'Full' : 'Differential',
      version,
      upserts: part.flatMap(({ upsert }) => upsert ?? []),
      removals: part.flatMap(({ removal }) => removal ?? []),
    };
  });
  return { messages, tooLarge: [...large] };
}

interface Change {
  readonly upsert?: ListEntry;
  readonly removal?: HeldEntry;
}

/** Removals first, then what is in the list already, then what is new: the list is never larger than its end or its beginning. */
function changesBetween(held: readonly HeldEntry[], wanted: readonly ListEntry[]): Change[] {
  const before = new Map(held.map((entry) => [entry.tokenId, entry]));
  const after = new Map(wanted.map((entry) => [entry.tokenId, entry]));
  const removals: Change[] = [];
  const updates: Change[] = [];
  const additions: Change[] = [];
  for (const entry of held) {
    const wish = after.get(entry.tokenId);
    // Another spelling or type is another entry of the station's.
    if (!wish || wish.id !== entry.id || wish.type !== entry.type) removals.push({ removal: entry });
    else if (entryHash(wish) !== entry.hash) updates.push({ upsert: wish });
  }
  for (const entry of wanted) {
    const had = before.get(entry.tokenId);
    if (!had || had.id !== entry.id || had.type !== entry.type) additions.push({ upsert: entry });
  }
  return [...removals, ...updates, ...additions];
}

/** `isFull`: one goes out even when there is nothing to say in it. */
function portions(
  changes: readonly Change[],
  { itemsPerMessage, bytesPerMessage }: MessageLimits,
  sizes: Sizes,
  isFull: boolean,
): Change[][] {
  const most = Math.max(1, itemsPerMessage ?? Infinity);
  const parts: Change[][] = [];
  let part: Change[] = [];
  let bytes = sizes.frame;
  for (const change of changes) {
    const size = sizes.of(change) + 1;
    const isOver = part.length >= most || bytes + size > (bytesPerMessage ?? Infinity);
    if (part.length > 0 && (isOver || clashes(part, change))) {
      parts.push(part);
      part = [];
      bytes = sizes.frame;
    }
    part.push(change);
    bytes += size;
  }
  if (part.length > 0 || (isFull && parts.length === 0)) parts.push(part);
  return parts;
}

/** One message names no token twice (D01.FR.16): an entry that only changes its spelling is removed in one and added in the next. */
function clashes(part: readonly Change[], { upsert }: Change): boolean {
  if (!upsert) return false;
  const id = upsert.id.toUpperCase();
  return part.some(({ removal }) => removal?.id.toUpperCase() === id);
}

interface Sizes {
  readonly frame: number;
  of(change: Change): number;
}

/** Bytes on the wire: a message is its frame and, for each entry, the entry and a comma. */
function sizesOf(dialect: ListDialect): Sizes {
  const bytesOf = ({ upsert, removal }: Change, updateType: ListMessage['updateType']) => {
    const said = {
      updateType,
      version: LAST_VERSION,
      upserts: upsert ? [upsert] : [],
      removals: removal ? [removal] : [],
    };
    return Buffer.byteLength(JSON.stringify(listPayload(dialect, said)));
  };
  const bare = bytesOf({}, 'Differential');
  return {
    frame: FRAME_BYTES + bare + LIST_BYTES,
    of: (change) => bytesOf(change, 'Differential') - bare - LIST_BYTES,
  };
}
