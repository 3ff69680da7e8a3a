import { events, type EventType } from '@kilowatch/contracts';
import { streamName } from '@kilowatch/platform';
import { table } from '../kw/output.js';
import type { Letter } from './dead-letter-box.js';

export function listText(letters: readonly Letter[]): string {
  if (letters.length === 0) return 'no dead letters';
  return table(
    ['id', 'service', 'consumer', 'subject', 'age', 'error', 'state'],
    letters.map((letter) => [
      letter.id,
      letter.service,
      consumerOf(letter),
      letter.subject,
      ageText(letter.ageSeconds),
      `${letter.errorKind} ${letter.errorCode}`,
      letter.state,
    ]),
  );
}

export function letterText(letter: Letter, payload: Uint8Array): string {
  const fields: [string, string][] = [
    ['id', letter.id],
    ['state', letter.state],
    ['service', letter.service],
    ['consumer', consumerOf(letter)],
    ['subject', letter.subject],
    ['tenant', letter.tenant],
    ['event', letter.eventId ?? '-'],
    ['trace', letter.traceparent ?? '-'],
    ['set aside', `${letter.createdAt.toISOString()} (${ageText(letter.ageSeconds)} ago)`],
    ['deliveries', String(letter.deliveries)],
    ['error', `${letter.errorKind} ${letter.errorCode}`],
    ['', letter.errorText],
    ['payload', payloadText(letter.subject, payload)],
  ];
  return fields.map(([name, value]) => `${name.padEnd(10)}  ${value}`).join('\n');
}

/** Stream and durable, as `nats consumer info` wants them. */
function consumerOf({ source, service }: Letter): string {
  return `${streamName(source)}/${service}`;
}

export function ageText(seconds: number): string {
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** The event as JSON, or its bytes where it cannot be read. */
export function payloadText(subject: string, payload: Uint8Array): string {
  const tenant = subject.split('.')[4] ?? '';
  const known = Object.values(events) as readonly EventType<unknown>[];
  try {
    const event = known.find((candidate) => candidate.subject(tenant) === subject);
    if (event) return JSON.stringify(event.decode(payload), withoutBigInts, 2);
  } catch {
    // Not what its subject says: shown as it is.
  }
  return `base64 ${Buffer.from(payload).toString('base64')}`;
}

function withoutBigInts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
