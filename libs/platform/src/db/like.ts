/** A text as a part of a LIKE or ILIKE pattern: what would be a wildcard stands for itself. The caller adds the wildcards it means. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
