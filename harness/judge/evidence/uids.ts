import type { EventSource, RecordedEvent, SliceState } from '../../model/event.ts';
import type { EvidenceLine } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';

/** This many doubts are kept. */
const mostDoubts = 20;

interface Report {
  readonly kind: string;
  readonly name: string;
  readonly by: EventSource;
}

/** The UIDs in all events: each belongs to one object, and two pods with the same name never exist at the same time. */
export class Uids {
  readonly #reports = new Map<string, Report>();
  /** The UIDs that the pod watch reported, and those that slices name, by pod name. */
  readonly #pods = new Map<string, Set<string>>();
  readonly #endpoints = new Map<string, Map<string, Micros>>();
  /** The UID of the existing pod of each name. */
  readonly #there = new Map<string, string>();
  /** The namespaces of the pods that Kubernetes events are about, by UID. */
  readonly #namespaces = new Map<string, string>();
  readonly #contradictions: EvidenceLine[] = [];

  see({ at, source, type, subject, kind, namespace, name, data }: RecordedEvent): void {
    if (source === 'endpointslice')
      for (const { uid, pod } of (data as unknown as SliceState).endpoints) this.#seeEndpoint(at, uid, pod);
    // The subject of an object without a UID is its name.
    if (kind === undefined || name === undefined || subject === name) return;
    this.#seeReport(at, subject, { kind, name, by: source });
    if (source === 'pod') this.#seePod(at, type, subject, name);
    if (source === 'k8s-event' && kind === 'Pod' && namespace !== undefined) this.#namespaces.set(subject, namespace);
  }

  /** The UIDs of the pods that the pod watch reported. */
  get ofPods(): readonly string[] {
    return [...this.#pods.values()].flatMap((uids) => [...uids]);
  }

  /** The UIDs of pods outside the namespace of the arm. Only events of holdfast’s own pods are recorded from there. */
  ofPodsOutside(namespace: string): readonly string[] {
    return [...this.#namespaces].flatMap(([uid, its]) => (its === namespace ? [] : [uid]));
  }

  /**
   * Lines for each UID of two objects, two pods with the same name at the same time, and slices that name another pod
   * than the pod watch.
   */
  contradictions(): readonly EvidenceLine[] {
    const strange = [...this.#endpoints].flatMap(([pod, uids]) => {
      const seen = this.#pods.get(pod);
      if (!seen) return [];
      return [...uids].flatMap(([uid, at]) =>
        seen.has(uid)
          ? []
          : [{ at, text: `an endpoint of ${pod} has the UID ${uid}, which the pod watch never reported` }],
      );
    });
    return [...this.#contradictions, ...strange.slice(0, mostDoubts)];
  }

  #seeEndpoint(at: Micros, uid: string, pod: string): void {
    if (uid === '' || pod === '') return;
    this.#seeReport(at, uid, { kind: 'Pod', name: pod, by: 'endpointslice' });
    const own = this.#endpoints.get(pod) ?? new Map<string, Micros>();
    this.#endpoints.set(pod, own);
    if (!own.has(uid)) own.set(uid, at);
  }

  #seePod(at: Micros, type: string, uid: string, name: string): void {
    this.#pods.set(name, (this.#pods.get(name) ?? new Set()).add(uid));
    const there = this.#there.get(name);
    if (there !== undefined && there !== uid)
      this.#doubt(at, `two pods ${name} exist at the same time: ${there} and ${uid}`);
    if (type === 'deleted') this.#there.delete(name);
    else this.#there.set(name, uid);
  }

  #seeReport(at: Micros, uid: string, report: Report): void {
    const known = this.#reports.get(uid);
    if (!known) this.#reports.set(uid, report);
    else if (known.kind !== report.kind || known.name !== report.name)
      this.#doubt(
        at,
        `${uid} is the UID of ${known.kind} ${known.name} by ${known.by} events, and of ${report.kind} ${report.name} by ${report.by} events`,
      );
  }

  #doubt(at: Micros, text: string): void {
    if (this.#contradictions.length < mostDoubts) this.#contradictions.push({ at, text });
  }
}
