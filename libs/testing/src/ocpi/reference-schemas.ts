import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { referenceDataFolder } from '../reference-data.js';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';

const addFormats = addFormatsModule as unknown as (ajv: unknown) => void;
/** Independent OCPI schemas: not ours to ship, so there may be none. */
const SCHEMA_FOLDER = path.join(referenceDataFolder() ?? '', 'ocpi/schemas');

export interface EmittedOcpiBody {
  /** Name of the answer in the OpenAPI description. */
  readonly schema: string;
  readonly body: unknown;
}

// The second opinion: which JSON Schema speaks of the same answer, and whether of each object in its list.
const SECOND: Readonly<Record<string, { readonly file: string; readonly each: boolean }>> = {
  LocationListResponse: { file: 'V2_2_1/Common/location.schema.json', each: true },
  LocationResponse: { file: 'V2_2_1/Common/location.schema.json', each: false },
  TariffListResponse: { file: 'V2_2_1/Common/tariff.schema.json', each: true },
  SessionListResponse: { file: 'V2_2_1/Common/session.schema.json', each: true },
  CDRListResponse: { file: 'V2_2_1/Common/cdr.schema.json', each: true },
  CredentialsResponse: { file: 'V2_2_1/Common/credentials.schema.json', each: false },
};

export function ocpiSchemasPresent(): boolean {
  return referenceDataFolder() !== undefined && existsSync(SCHEMA_FOLDER);
}

/** Every way in which the bodies leave the schemas, one line each. */
export function ocpiDeviations(emitted: readonly EmittedOcpiBody[]): string[] {
  const openApi = openApiValidator();
  const second = jsonSchemaValidator();
  return emitted.flatMap(({ schema, body }) => {
    const other = SECOND[schema];
    const data = (body as { data?: unknown }).data;
    const objects = other === undefined ? [] : other.each ? (data as unknown[]) : [data];
    return [...openApi(schema, body), ...objects.flatMap((object) => second(other!.file, object))];
  });
}

function openApiValidator(): (schema: string, body: unknown) => string[] {
  const file = path.join(SCHEMA_FOLDER, 'ocpi-fyi-openapi/ocpi-2.2.1.bundled.json');
  const { components } = JSON.parse(readFileSync(file, 'utf8')) as {
    components: { schemas: Record<string, unknown> };
  };
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'ocpi', components }, 'ocpi');
  return (schema, body) => {
    if (!(schema in components.schemas)) throw new Error(`there is no schema ${schema}`);
    const validate = ajv.getSchema(`ocpi#/components/schemas/${schema}`)!;
    return validate(body) ? [] : problems(schema, validate.errors);
  };
}

function jsonSchemaValidator(): (file: string, object: unknown) => string[] {
  const folder = path.join(SCHEMA_FOLDER, 'mrbig-jsonschema');
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  for (const name of readdirSync(path.join(folder, 'V2_2_1/Common'))) {
    if (!name.endsWith('.json')) continue;
    const id = `V2_2_1/Common/${name}`;
    // Some references lack the slash of a JSON pointer.
    const text = readFileSync(path.join(folder, id), 'utf8').replaceAll('#definitions/', '#/definitions/');
    const schema = JSON.parse(text) as object;
    ajv.addSchema({ ...schema, $id: `https://reference.test/${id}` });
  }
  return (file, object) => {
    const validate = ajv.getSchema(`https://reference.test/${file}`)!;
    return validate(object) ? [] : problems(file, validate.errors);
  };
}

function problems(
  schema: string,
  errors: readonly { instancePath: string; message?: string | undefined }[] | null | undefined,
): string[] {
  return (errors ?? []).map((error) => `${schema} ${error.instancePath}: ${error.message ?? ''}`);
}
