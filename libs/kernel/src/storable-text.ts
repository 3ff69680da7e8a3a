/** A text as Postgres can hold it: it takes no NUL, and no message is lost for one. U+FFFD stands in its place, so the length stays. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
