import type { Piece } from './left-behind.js';

export interface Told<T> {
  readonly data: T | null;
  readonly errors: readonly { readonly message: string }[];
}

/** Asks the public API and keeps all that it complained of. */
export class TellingApi {
  readonly errors: Piece[] = [];

  constructor(readonly url: string) {}

  /** Never throws for what the API refuses: that is what is looked at. */
  async ask<T>(
    query: string,
    variables: Record<string, unknown> = {},
    accessToken?: string,
  ): Promise<Told<T>> {
    return this.send<T>(JSON.stringify({ query, variables }), accessToken);
  }

  /** The data; throws when there is none, for what the test cannot go on without. */
  async need<T>(query: string, variables: Record<string, unknown>, accessToken?: string): Promise<T> {
    const told = await this.ask<T>(query, variables, accessToken);
    if (told.data === null || told.errors.length > 0)
      throw new Error(`${query.slice(0, 80)}: ${told.errors.map(({ message }) => message).join('; ')}`);
    return told.data;
  }

  /** A body as it is, right or wrong. */
  async send<T>(body: string, accessToken?: string, path = ''): Promise<Told<T>> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
      },
      body,
    });
    const text = await response.text();
    const told = toldBy<T>(text);
    if (told.errors.length > 0 || !response.ok)
      this.errors.push({
        place: 'an error of the API',
        text: JSON.stringify(told.errors) + (told.data ? '' : text),
      });
    return told;
  }
}

function toldBy<T>(text: string): Told<T> {
  try {
    const { data = null, errors = [] } = JSON.parse(text) as Partial<Told<T>>;
    return { data, errors };
  } catch {
    return { data: null, errors: [{ message: text }] };
  }
}
