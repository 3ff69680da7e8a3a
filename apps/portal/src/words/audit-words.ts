import type { AuditEntryParts } from '../api/documents/audit.js';
import type { AuditFilter } from '../api/documents/inputs.js';
import { sentenceCase } from './session-words.js';

const ACTORS: Readonly<Record<AuditEntryParts['actorKind'], string>> = {
  PERSON: 'Person',
  CLIENT: 'Machine client',
  SYSTEM: 'Kilowatch itself',
  NOBODY: 'Somebody who had not signed in',
};

/** Who did it. */
export function actorText({ actorKind, actorId }: Pick<AuditEntryParts, 'actorKind' | 'actorId'>): string {
  const kind = ACTORS[actorKind] ?? 'Somebody';
  return actorId ? `${kind} ${actorId}` : kind;
}

/** `account.switched_off` as people read it: `Account: switched off`. */
export function actionText(action: string): string {
  const [what = '', happened = ''] = action.split('.');
  const words = (name: string) => name.replaceAll('_', ' ');
  return happened === '' ? sentenceCase(words(what)) : `${sentenceCase(words(what))}: ${words(happened)}`;
}

/** A few facts more, by name. */
export function detailRows(details: unknown): readonly (readonly [string, string])[] {
  if (typeof details !== 'object' || details === null) return [];
  return Object.entries(details).map(([name, value]) => [
    sentenceCase(name.replaceAll('_', ' ')),
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
}

/** What the form of the audit log holds; dates as a date field gives them: `2026-03-02`. */
export interface AuditForm {
  readonly action: string;
  readonly targetKind: string;
  readonly actorId: string;
  readonly targetId: string;
  readonly from: string;
  readonly to: string;
}

export const NO_AUDIT_FILTER: AuditForm = {
  action: '',
  targetKind: '',
  actorId: '',
  targetId: '',
  from: '',
  to: '',
};

/** The filter of a form: days are whole days where the reader is, the last one included. */
export function auditFilter(form: AuditForm): AuditFilter {
  const text = (value: string) => value.trim() || null;
  return {
    action: text(form.action)?.toLowerCase() ?? null,
    targetKind: text(form.targetKind),
    actorId: text(form.actorId),
    targetId: text(form.targetId),
    since: dayStart(form.from, 0),
    until: dayStart(form.to, 1),
  };
}

function dayStart(day: string, later: number): string | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (year === undefined) return null;
  // By the calendar, not by 24 hours: a day may have 23 or 25.
  return new Date(Number(year), Number(month) - 1, Number(date) + later).toISOString();
}
