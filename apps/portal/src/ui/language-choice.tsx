import { LanguageOptions } from './language-options.js';

interface LanguageChoiceProps {
  /** Of what. */
  readonly label: string;
  readonly language: string;
  readonly onChange: (language: string) => void;
}

export function LanguageChoice({ label, language, onChange }: LanguageChoiceProps) {
  return (
    <select aria-label={label} value={language} onChange={(event) => onChange(event.target.value)}>
      <LanguageOptions />
    </select>
  );
}
