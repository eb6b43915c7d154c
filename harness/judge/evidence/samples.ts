import type { Request } from '../../model/request.ts';

const most = 512;

/** A bounded, even sample of a stream: every n-th item, with n doubled whenever the sample grows too large. */
export class Samples {
  #kept: Request[] = [];
  #stride = 1;
  #seen = 0;

  add(request: Request): void {
    if (this.#seen++ % this.#stride !== 0) return;
    // The first ones are all kept. If they were the rows as they were read, and not copies, V8 would take it that rows live
    // long, and allocate all of them in the old generation.
    this.#kept.push({ ...request });
    if (this.#kept.length < most) return;
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }

  list(): readonly Request[] {
    return this.#kept;
  }
}
