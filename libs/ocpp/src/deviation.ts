// Where a charger left the specification and was understood all the same. Deviations are counted per station and
// stored beside the values they touch; the value itself is never changed silently.

export type DeviationKind =
  | 'message_id_long'
  | 'message_id_not_text'
  | 'payload_null'
  | 'payload_missing'
  | 'extra_element'
  | 'extra_property'
  | 'over_long'
  | 'number_for_string'
  | 'string_for_number'
  | 'string_for_boolean'
  | 'fraction_for_integer'
  | 'null_for_absent'
  | 'empty_for_absent'
  | 'missing_property'
  | 'unknown_enum'
  | 'enum_spelling'
  | 'timestamp_form'
  | 'timestamp_unreadable'
  | 'uri_form'
  | 'list_size'
  | 'number_range'
  | 'identity_repeated'
  | 'trailing_slash'
  | 'subprotocol_missing'
  | 'json_repaired'
  | 'transaction_id_absent';

export interface Deviation {
  kind: DeviationKind;
  /** JSON pointer into the payload, or a word for parts outside it (`messageId`, `path`). */
  path: string;
  detail?: string;
}

/** At most this many are kept per frame: a broken charger must not make us allocate without bound. */
export const MAX_DEVIATIONS = 50;

export class DeviationList {
  readonly items: Deviation[] = [];

  add(kind: DeviationKind, path: string, detail?: string): void {
    if (this.items.length >= MAX_DEVIATIONS) return;
    this.items.push(detail === undefined ? { kind, path } : { kind, path, detail: detail.slice(0, 100) });
  }
}
