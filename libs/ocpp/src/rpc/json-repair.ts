// Q8: JSON of some models has commas with nothing before them and names with nothing behind them. Both mean nothing, so the
// meaning is certain: the commas go, an empty value is null. Only for models known to write so, only when JSON.parse has
// refused the text, and never inside a string.

const STRING = /"(?:[^"\\]|\\.)*"?/y;
const SPACE = /\s/;
const OPENS = '[{,:';

/** The text with stray commas dropped and empty values filled; it may still not be JSON. */
export function repairedJson(text: string): string {
  const out: string[] = [];
  /** The last character that was not space. */
  let before = '';
  for (let i = 0; i < text.length;) {
    const c = text.charAt(i);
    if (c === '"') {
      STRING.lastIndex = i;
      const whole = STRING.exec(text)?.[0] ?? c;
      out.push(whole);
      before = '"';
      i += whole.length;
      continue;
    }
    i++;
    if ((c === ',' || c === '}' || c === ']') && before === ':') out.push('null');
    else if (c === ',' && before !== '' && OPENS.includes(before)) continue;
    else if ((c === '}' || c === ']') && before === ',') dropComma(out);
    out.push(c);
    if (!SPACE.test(c)) before = c;
  }
  return out.join('');
}

function dropComma(out: string[]): void {
  while (out.length > 0 && out.pop() !== ',');
}
