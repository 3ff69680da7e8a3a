import { Injectable } from '@nestjs/common';
import { isJsonObject, maskedPayload, type JsonObject } from '@kilowatch/ocpp';
import { SettingVault } from './setting-vault.js';

/**
 * The payload of a bulk command as it waits in the database: one that names cards is sealed, and shown without them. Passwords and
 * keys do not come here at all (`carriesCredential`).
 */
@Injectable()
export class BulkPayload {
  constructor(private readonly vault: SettingVault) {}

  kept(payload: JsonObject, bulkId: string): object {
    const shown = maskedPayload(payload);
    const text = JSON.stringify(payload);
    if (JSON.stringify(shown) === text) return payload;
    return { shown, sealed: this.vault.seal(text, bulkId).toString('base64') } satisfies Sealed;
  }

  /** What is to be sent; null when it was sealed with another key: the operator gives the command again. */
  sent(kept: object, bulkId: string): object | null {
    if (!isSealed(kept)) return kept;
    const text = this.vault.open(Buffer.from(kept.sealed, 'base64'), bulkId);
    return text === null ? null : (JSON.parse(text) as object);
  }

  shown(kept: object): object {
    return isSealed(kept) ? kept.shown : kept;
  }
}

interface Sealed {
  readonly shown: object;
  readonly sealed: string;
}

/** No payload of OCPP has these two and nothing else. */
function isSealed(kept: object): kept is Sealed {
  const { shown, sealed } = kept as Partial<Sealed>;
  return Object.keys(kept).length === 2 && isJsonObject(shown) && typeof sealed === 'string';
}
