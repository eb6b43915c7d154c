import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Owner, OwnerKind } from '../../../model/owner.ts';
import type { Progress } from '../../../model/progress.ts';
import type { Json } from '../../../model/units.ts';
import type { V1Deployment } from '../../../sys/kube.ts';
import { authority } from '../../../sys/testing/kubeconfig.ts';
import { type ForeignCluster, openForeignCluster } from '../../foreign/foreign-cluster.ts';
import { SomebodysKube } from '../../foreign/testing/foreign-cluster.ts';
import { healFrom } from '../../undo/heal.ts';
import { injectInto, type Outcome } from '../inject.ts';

const progress: Progress = { plan() {}, now() {}, note() {}, step: (_, work) => work() };

/** Injects faults into a simulated cluster that holdfast did not create. Its files are in a temporary folder. */
export class SimulatedInjection {
  readonly kube: SomebodysKube;
  /** The messages for the user. */
  readonly told: string[] = [];
  /** The plans that were shown to the user. */
  readonly approved: Json[] = [];
  readonly stopping = new AbortController();
  readonly #folder = mkdtempSync(join(tmpdir(), 'holdfast-foreign-'));
  readonly journal = join(this.#folder, 'somebody', 'journal.ndjson');
  readonly events = join(this.#folder, 'somebody', 'events.ndjson');

  constructor(kind: OwnerKind = 'Deployment') {
    this.kube = new SomebodysKube(kind);
  }

  get owner(): Owner {
    return { kind: this.kube.kind, name: 'web' };
  }

  open(): Promise<ForeignCluster> {
    return openForeignCluster(this.kube, {
      context: 'prod',
      namespace: 'shop',
      signal: this.stopping.signal,
      tell: (words) => void this.told.push(words),
    });
  }

  /** Injects a fault. `approve` is called with the plan, and may throw to refuse it. */
  async inject(name: string, params: { [key: string]: Json } = {}, approve = async () => {}): Promise<Outcome> {
    return injectInto({
      cluster: await this.open(),
      owner: this.owner,
      disruption: { id: name, when: { atMs: 0 }, fault: { name, params }, limitMs: 600 },
      journal: this.journal,
      healCommand: './holdfast heal',
      events: this.events,
      approve: async (_, plan) => {
        this.approved.push(plan);
        await approve();
      },
      signal: this.stopping.signal,
    });
  }

  /** Injects a fault with a harness that is killed after its first patch. */
  async injectAndDie(name: string, params: { [key: string]: Json }): Promise<void> {
    const { kube } = this;
    const { jsonPatch } = kube;
    await new Promise<void>((died) => {
      kube.jsonPatch = async (ref, change) => {
        kube.jsonPatch = jsonPatch;
        await kube.jsonPatch(ref, change);
        died();
        await new Promise(() => undefined);
      };
      void this.inject(name, params);
    });
  }

  /** Undoes what the journal holds. Returns the errors. */
  async heal(): Promise<readonly Error[]> {
    return healFrom(this.journal, await this.open(), progress);
  }

  /** Calls a function once, just before the server receives a patch. */
  beforePatch(act: () => Promise<void>): void {
    const { kube } = this;
    const { jsonPatch } = kube;
    kube.jsonPatch = async (ref, operations) => {
      kube.jsonPatch = jsonPatch;
      await act();
      await kube.jsonPatch(ref, operations);
    };
  }

  /** Patches the Deployment as another user of the cluster would. */
  async patchAsSomeoneElse(patch: object): Promise<void> {
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' };
    await SomebodysKube.prototype.patch.call(this.kube, web, patch);
  }

  podNames(): (string | undefined)[] {
    return this.kube.pods.map(({ metadata }) => metadata?.name);
  }

  spec(): V1Deployment['spec'] {
    return structuredClone(this.kube.owner.spec);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** A patch of the labels of the Deployment's pods. */
export const podLabels = (labels: { readonly [key: string]: string | null }) => ({
  spec: { template: { metadata: { labels } } },
});

/** Changes after which a context leads to another cluster, by the part of the identity that differs. */
export const otherClusters: { readonly [part: string]: (kube: SomebodysKube) => void } = {
  authority: (kube) => {
    kube.caCertificate = authority(1);
  },
  server: (kube) => {
    kube.server = 'https://10.9.9.9:6443';
  },
  'kube-system': (kube) => {
    const metadata = { name: 'kube-system', uid: 'uid-2' };
    kube.objects.set('Namespace//kube-system', { kind: 'Namespace', metadata });
  },
};
