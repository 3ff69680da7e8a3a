/** Just enough XML to write a document; escaped where it must be. */
export interface Element {
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** `content`: text, or elements, each on a line of its own. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  content: string | readonly Element[],
): Element {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const inside =
    typeof content === 'string'
      ? escaped(content)
      : content.map(({ text }) => `\n${text.replace(/^/gm, '  ')}`).join('') + '\n';
  return { attributes, text: `<${name}${written.join('')}>${inside}</${name}>` };
}

/** What XML 1.0 does not allow is left out: nobody can write it in any way. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
