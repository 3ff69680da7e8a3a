// Q15: 1.6 configuration keys as chargers answer them (section 5.8 GetConfiguration, 9 Standard Configuration Key Names):
// keys in any case, lists with spaces, profile names in lower case, keys that are missing.

import { children, text, type JsonObject } from '../../json.js';

export interface ConfigurationSetting {
  /** As the charger spells it. */
  readonly key: string;
  readonly value: string | null;
  readonly readonly: boolean;
}

const FEATURE_PROFILES = [
  'Core',
  'FirmwareManagement',
  'LocalAuthListManagement',
  'RemoteTrigger',
  'Reservation',
  'SmartCharging',
] as const;
export type FeatureProfile = (typeof FEATURE_PROFILES)[number];

/** Settings of a GetConfiguration answer by key, in whatever case. */
export class Configuration {
  readonly #settings = new Map<string, ConfigurationSetting>();

  constructor(answer: JsonObject) {
    for (const entry of children(answer, 'configurationKey')) {
      const key = text(entry, 'key')?.trim();
      if (!key) continue;
      const value = text(entry, 'value');
      this.#settings.set(key.toLowerCase(), { key, value, readonly: entry['readonly'] === true });
    }
  }

  get all(): ConfigurationSetting[] {
    return [...this.#settings.values()];
  }

  setting(key: string): ConfigurationSetting | null {
    return this.#settings.get(key.toLowerCase()) ?? null;
  }

  list(key: string): string[] {
    const words = this.setting(key)?.value?.split(',') ?? [];
    return words.map((word) => word.trim()).filter((word) => word !== '');
  }

  /** Core is what every charger has, said or not. */
  featureProfiles(): FeatureProfile[] {
    const said = new Set(this.list('SupportedFeatureProfiles').map((word) => word.toLowerCase()));
    return FEATURE_PROFILES.filter((profile) => profile === 'Core' || said.has(profile.toLowerCase()));
  }

  /** Null when the charger does not say, or says nonsense: what was provisioned counts. */
  numberOfConnectors(): number | null {
    const number = Number(this.setting('NumberOfConnectors')?.value ?? NaN);
    return Number.isInteger(number) && number > 0 ? number : null;
  }
}
