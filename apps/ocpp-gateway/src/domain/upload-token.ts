/** What opens an upload: 32 random bytes as URL-safe text. Only its hash is kept. */
export const UPLOAD_TOKEN_BYTES = 32;
export const randomTokenLength = Math.ceil((UPLOAD_TOKEN_BYTES * 4) / 3);
