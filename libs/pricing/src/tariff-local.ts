/**
 * A tariff document in OCPI's own words: restrictions by instants (ours, docs/adr/0019) become dates and times of day of the place, notes go.
 * Local time cannot tell the two hours apart that the clock shows twice in autumn, so the document ends where the clock is put back
 * (`end_date_time`) and another one goes on from there (`start_date_time`): which of them is told depends on the moment.
 */
import { localParts, nextLocalMidnight, offsetChanges } from '@kilowatch/kernel';
import { type Fields, isAbsent } from './document-fields.js';

interface Window {
  readonly from: number;
  readonly until: number;
}

/** `at`: the moment it is told. A document without such restrictions is returned as it is. */
export function localDocument(document: unknown, timeZone: string, at: Date): unknown {
  const fields = document as Fields;
  const elements = fields.elements as readonly Fields[];
  if (!elements.some((element) => isDated(element) || !isAbsent(element.note))) return document;
  const windows = elements.filter(isDated).map(windowOf);
  const told = tellable(windows, timeZone, at);
  return {
    ...fields,
    ...(told.begins === undefined ? {} : { start_date_time: new Date(told.begins).toISOString() }),
    ...(told.ends === undefined ? {} : { end_date_time: new Date(told.ends).toISOString() }),
    elements: elements.flatMap(({ note: _, ...element }) =>
      isDated(element) ? localElements(element, timeZone, told) : [element],
    ),
  };
}

/** Instants at which the clock of the place is put back while the document has prices by instants: what is told changes then. */
export function clockPutBack(document: unknown, timeZone: string): Date[] {
  const windows = ((document as Fields).elements as readonly Fields[]).filter(isDated).map(windowOf);
  if (windows.length === 0) return [];
  const from = Math.min(...windows.map((one) => one.from));
  const until = Math.max(...windows.map((one) => one.until));
  return putBack(new Date(from), new Date(until), timeZone);
}

interface Told {
  readonly begins: number | undefined;
  readonly ends: number | undefined;
}

function tellable(windows: readonly Window[], timeZone: string, at: Date): Told {
  if (windows.length === 0) return { begins: undefined, ends: undefined };
  const from = Math.min(...windows.map((one) => one.from));
  const until = Math.max(...windows.map((one) => one.until));
  const changes = putBack(new Date(from), new Date(until), timeZone).map((change) => change.getTime());
  return {
    begins: changes.findLast((change) => change <= at.getTime()),
    ends: changes.find((change) => change > at.getTime()),
  };
}

function putBack(from: Date, until: Date, timeZone: string): Date[] {
  return offsetChanges(from, until, timeZone).filter((change) => {
    const before = localParts(new Date(change.getTime() - 1), timeZone).offsetMinutes;
    return localParts(change, timeZone).offsetMinutes < before;
  });
}

/** One a local day: a time window holds on each day of its dates. */
function localElements(element: Fields, timeZone: string, { begins, ends }: Told): Fields[] {
  const { from, until } = windowOf(element);
  const restrictions = element.restrictions as Fields;
  const { start_date_time: _, end_date_time: __, ...others } = restrictions;
  const found: Fields[] = [];
  let start = Math.max(from, begins ?? from);
  const last = Math.min(until, ends ?? until);
  while (start < last) {
    const midnight = nextLocalMidnight(new Date(start), timeZone).getTime();
    const end = Math.min(last, midnight);
    const [first, next] = [localParts(new Date(start), timeZone), localParts(new Date(midnight), timeZone)];
    const window = {
      ...others,
      start_date: first.date,
      end_date: next.date,
      ...(first.minuteOfDay === 0 ? {} : { start_time: clock(first.minuteOfDay) }),
      ...(end === midnight ? {} : { end_time: endClock(end, ends, timeZone) }),
    };
    found.push({ ...element, restrictions: window });
    start = end;
  }
  return found;
}

/** Where the clock is put back, the hour before it ends at the time that the clock would have shown. */
function endClock(end: number, ends: number | undefined, timeZone: string): string {
  if (end !== ends) return clock(localParts(new Date(end), timeZone).minuteOfDay);
  return clock((localParts(new Date(end - 60_000), timeZone).minuteOfDay + 1) % 1440);
}

function isDated(element: Fields): boolean {
  const restrictions = element.restrictions as Fields | undefined;
  return !isAbsent(restrictions?.start_date_time) && !isAbsent(restrictions?.end_date_time);
}

function windowOf(element: Fields): Window {
  const restrictions = element.restrictions as Fields;
  return {
    from: Date.parse(String(restrictions.start_date_time)),
    until: Date.parse(String(restrictions.end_date_time)),
  };
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
