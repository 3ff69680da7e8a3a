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
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
