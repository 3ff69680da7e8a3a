/**
 * The path a charger came by, as operators may see it: some put a password or a token of the system before us behind a question mark.
 * The names stay, they tell what the setup page was filled with.
 */
export function shownUrl(url: string): string {
  return url.replace(/([?&;][^=&;#]*=)[^&;#]*/g, '$1[redacted]').replace(/(\/\/)[^/@\s]+@/, '$1[redacted]@');
}
