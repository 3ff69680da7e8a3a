import { LANGUAGES } from '../words/language-words.js';

/** Of a `select`. */
export function LanguageOptions() {
  return Object.entries(LANGUAGES).map(([language, text]) => (
    <option key={language} value={language}>
      {text}
    </option>
  ));
}
