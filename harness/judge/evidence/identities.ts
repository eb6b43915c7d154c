import type { Request } from '../../model/request.ts';

/** The identity that a pod’s answers name. */
export interface Identity {
  readonly pod: string;
  readonly node: string;
  readonly version: string;
  /** The first answer with this identity. */
  readonly first: Request;
}

interface Numbered extends Identity {
  readonly number: number;
}

/** Pod numbers are kept in two bytes. */
const mostPods = 2 ** 16 - 1;
/** How many different identities are kept. A pod has one node and one version. */
const mostOthers = 1000;

/** Which pods answered, by the headers of all answers, and where requests were sent. */
export class Identities {
  readonly #byPod = new Map<string, Numbered>();
  readonly #others: Identity[] = [];
  /** Names by pod number. 0 means no pod. */
  readonly podNames: string[] = [''];
  /** The destination of the first request that names one. */
  destination: string | undefined;
  /** The first request with another destination. */
  elsewhere: Request | undefined;

  /** Returns the number of the pod that answered; 0 if none did. */
  see(request: Request): number {
    const { dst, pod } = request;
    if (dst !== '') {
      this.destination ??= dst;
      if (dst !== this.destination) this.elsewhere ??= request;
    }
    return pod === '' ? 0 : this.#seePod(request);
  }

  #seePod(request: Request): number {
    const { pod, node, version } = request;
    const known = this.#byPod.get(pod);
    if (!known) return this.#number(request);
    const fits = known.node === node && known.version === version;
    if (!fits && this.#others.length < mostOthers) {
      const isListed = this.#others.some(
        (other) => other.pod === pod && other.node === node && other.version === version,
      );
      if (!isListed) this.#others.push({ pod, node, version, first: request });
    }
    return known.number;
  }

  #number(request: Request): number {
    const { pod, node, version } = request;
    if (this.podNames.length > mostPods) return 0;
    const number = this.podNames.push(pod) - 1;
    this.#byPod.set(pod, { pod, node, version, first: request, number });
    return number;
  }

  /** Each node and version that a pod’s answers named. */
  all(): readonly Identity[] {
    return [...this.#byPod.values(), ...this.#others];
  }
}
