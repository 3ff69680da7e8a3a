/** Languages in which mails and papers are written. */
export const LANGUAGES: Readonly<Record<string, string>> = { en: 'English', nl: 'Dutch', de: 'German' };

/** The reader's own where it is one of them. */
export function ownLanguage(preferred: readonly string[]): string {
  const wanted = preferred.map((tag) => tag.toLowerCase().split('-')[0]!);
  return wanted.find((language) => Object.hasOwn(LANGUAGES, language)) ?? 'en';
}
