import type { Request } from '../../model/request.ts';

/** What the answers of one pod said of it. */
export interface Identity {
  readonly pod: string;
  readonly node: string;
  readonly version: string;
  /** The first answer that said so. */
  readonly first: Request;
}

/** So many are kept: a pod has one node and one version. */
const most = 1000;

/** Who answered, by the headers of all answers, and where requests were sent. */
export class Identities {
  readonly #byPod = new Map<string, Identity>();
  readonly #others: Identity[] = [];
  /** Where the first request was sent that has a destination. */
  destination: string | undefined;
  /** The first that was sent elsewhere. */
  elsewhere: Request | undefined;

  see(request: Request): void {
    const { dst, pod } = request;
    if (dst !== '') {
      this.destination ??= dst;
      if (dst !== this.destination) this.elsewhere ??= request;
    }
    if (pod !== '') this.#seePod(request);
  }

  #seePod(request: Request): void {
    const { pod, node, version } = request;
    const known = this.#byPod.get(pod);
    if (known && known.node === node && known.version === version) return;
    if (this.#byPod.size + this.#others.length >= most) return;
    const said = { pod, node, version, first: request };
    if (!known) this.#byPod.set(pod, said);
    else if (!this.#others.some((other) => other.pod === pod && other.node === node && other.version === version))
      this.#others.push(said);
  }

  /** Each node and version that a pod's answers named. */
  all(): readonly Identity[] {
    return [...this.#byPod.values(), ...this.#others];
  }
}
