/** A set of whole numbers from 0, with one bit each: 125 KB for a million numbers. Detects repeated numbers. */
export class NumberSet {
  #bits = new Uint8Array(1024);

  has(number: number): boolean {
    return ((this.#bits[Math.floor(number / 8)] ?? 0) & (1 << (number % 8))) !== 0;
  }

  /** Returns false if the set had the number. Numbers of 2^32 and more are not kept and count as new. */
  add(number: number): boolean {
    const byte = Math.floor(number / 8);
    if (number < 0 || byte >= 2 ** 29) return true;
    if (byte >= this.#bits.length) {
      const larger = new Uint8Array(Math.max(byte + 1, this.#bits.length * 2));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    const mask = 1 << (number % 8);
    const had = ((this.#bits[byte] ?? 0) & mask) !== 0;
    this.#bits[byte] = (this.#bits[byte] ?? 0) | mask;
    return !had;
  }

  /** False if it was not in. */
  delete(number: number): boolean {
    if (!this.has(number)) return false;
    const byte = Math.floor(number / 8);
    this.#bits[byte] = (this.#bits[byte] ?? 0) & ~(1 << (number % 8));
    return true;
  }
}
