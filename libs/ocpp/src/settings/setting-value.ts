// Whether two spellings of a setting's value mean the same: comma lists with spaces and in another order (Q15), numbers with
// zeros behind the point, booleans in any case.

const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const WORD_LIST = /,/;
const BOOLEAN = /^(true|false)$/i;

export function sameSettingValue(a: string, b: string): boolean {
  const [left, right] = [a.trim(), b.trim()];
  if (left === right) return true;
  if (BOOLEAN.test(left) && BOOLEAN.test(right)) return left.toLowerCase() === right.toLowerCase();
  if (NUMBER.test(left) && NUMBER.test(right)) return plain(left) === plain(right);
  if (!WORD_LIST.test(left) && !WORD_LIST.test(right)) return false;
  return words(left) === words(right);
}

/** `+010.50` -> `10.5`: compared as text, so that no digit of a long number is lost. */
function plain(number: string): string {
  const [whole = '0', fraction = ''] = number.replace(/^\+/, '').split('.');
  const sign = whole.startsWith('-') ? '-' : '';
  const digits = whole.replace(/^-/, '').replace(/^0+(?=\d)/, '');
  const rest = fraction.replace(/0+$/, '');
  const value = rest === '' ? digits : `${digits}.${rest}`;
  return value === '0' ? value : sign + value;
}

function words(list: string): string {
  return list
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '')
    .sort()
    .join(',');
}
