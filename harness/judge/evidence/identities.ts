import type { Request } from '../../model/request.ts';

/** What answers in a pod's name said of it. */
export interface Identity {
  readonly pod: string;
  readonly node: string;
  readonly version: string;
  /** The first answer that said so. */
  readonly first: Request;
}

interface Numbered extends Identity {
  readonly number: number;
}

/** Numbers of pods are kept in two bytes. */
const mostPods = 2 ** 16 - 1;
/** So many that differ are kept: a pod has one node and one version. */
const mostOthers = 1000;

/** Who answered, by the headers of all answers, and where requests were sent. */
export class Identities {
  readonly #byPod = new Map<string, Numbered>();
  readonly #others: Identity[] = [];
  /** By their numbers; nobody has 0. */
  readonly podNames: string[] = [''];
  /** Where the first request was sent that has a destination. */
  destination: string | undefined;
  /** The first that was sent elsewhere. */
  elsewhere: Request | undefined;

  /** Returns the number of the pod that answered; 0 where none did. */
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
      const said = this.#others.some((other) => other.pod === pod && other.node === node && other.version === version);
      if (!said) this.#others.push({ pod, node, version, first: request });
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

  /** Each node and version that a pod's answers named. */
  all(): readonly Identity[] {
    return [...this.#byPod.values(), ...this.#others];
  }
}
