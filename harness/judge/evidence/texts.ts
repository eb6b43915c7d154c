/** Texts that come again and again, such as names of pods: parsing makes a new one for every row, and one is enough. */
export class Texts {
  readonly #known = new Map<string, string>();

  one(text: string): string {
    const known = this.#known.get(text);
    if (known === undefined) this.#known.set(text, text);
    return known ?? text;
  }
}
