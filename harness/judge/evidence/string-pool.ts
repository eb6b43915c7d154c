/** Repeated strings such as pod names. Parsing creates a new string for every row; the pool keeps one of each. */
export class StringPool {
  readonly #known = new Map<string, string>();

  intern(text: string): string {
    const known = this.#known.get(text);
    if (known === undefined) this.#known.set(text, text);
    return known ?? text;
  }
}
