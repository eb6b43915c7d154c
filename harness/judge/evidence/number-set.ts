/** Whole numbers from 0, a bit each: tells a number that comes twice, in 125 KB for a million. */
export class NumberSet {
  #bits = new Uint8Array(1024);

  has(number: number): boolean {
    return ((this.#bits[Math.floor(number / 8)] ?? 0) & (1 << (number % 8))) !== 0;
  }

  /** False where it was in already. Numbers beyond 2^32 are not kept, and count as new. */
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
