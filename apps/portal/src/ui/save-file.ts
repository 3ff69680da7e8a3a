/** Hands a file that the API gave to the person's browser. `content`: base64. */
export function saveFile({
  name,
  mediaType,
  content,
}: {
  readonly name: string;
  readonly mediaType: string;
  readonly content: string;
}): void {
  saveBlob(
    name,
    new Blob([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], { type: mediaType }),
  );
}

/** The same of a text. */
export function saveText({
  name,
  mediaType,
  text,
}: {
  readonly name: string;
  readonly mediaType: string;
  readonly text: string;
}): void {
  saveBlob(name, new Blob([text], { type: mediaType }));
}

function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
