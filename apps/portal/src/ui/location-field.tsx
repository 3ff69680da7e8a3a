import type { NamedLocation } from '../api/use-locations.js';

interface LocationFieldProps {
  readonly name: string;
  /** Undefined: not known yet. */
  readonly locations: readonly NamedLocation[] | undefined;
}

/** One location, chosen by its name. */
export function LocationField({ name, locations }: LocationFieldProps) {
  return (
    <label className="field">
      <span>Location</span>
      <select name={name} required defaultValue="">
        <option value="" disabled>
          {locations ? 'Choose one' : 'Loading…'}
        </option>
        {locations?.map(({ id, name: called, city }) => (
          <option key={id} value={id}>
            {called}, {city}
          </option>
        ))}
      </select>
    </label>
  );
}
