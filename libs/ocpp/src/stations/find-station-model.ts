// From what a BootNotification says to what is known of the model.

import { UNKNOWN_MODEL, type ModelRecord, type StationModel } from './station-model.js';
import { STATION_MODELS } from './station-models.js';

/** Later records override earlier ones; what no record says is by the specification. */
export function findStationModel(
  vendor: string,
  model: string,
  records: readonly ModelRecord[] = STATION_MODELS,
): StationModel {
  return records
    .filter((record) => isVendor(vendor, record.vendor) && startsWith(model, record.model))
    .reduce(withRecord, UNKNOWN_MODEL);
}

function withRecord(known: StationModel, { name, is }: ModelRecord): StationModel {
  return {
    ...known,
    ...is,
    name,
    profiles: { ...known.profiles, ...is.profiles },
    idTags: { ...known.idTags, ...is.idTags },
  };
}

/** "Keba AG" is of the vendor "Keba", "Enel X" is not of the vendor "EN". */
function isVendor(said: string, vendor: string): boolean {
  return startsWith(said, vendor) && !/[A-Za-z0-9]/.test(said.trim().charAt(vendor.length));
}

function startsWith(text: string, beginning: string): boolean {
  return text.trim().toLowerCase().startsWith(beginning.toLowerCase());
}
