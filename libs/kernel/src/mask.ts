/** Tokens and card numbers in logs and screens: enough to recognise one's own, too little to copy it. */

/** `04A1B2C3D4` -> `****C3D4`. Text shorter than eight is hidden whole; the number of stars tells no length. */
export function maskToken(token: string): string {
  return token.length < 8 ? '****' : `****${token.slice(-4)}`;
}
