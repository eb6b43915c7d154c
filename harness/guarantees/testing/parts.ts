import type { Manifest } from '../../model/manifest.ts';
import type { OwnerKind } from '../../model/owner.ts';
import type { Json } from '../../model/units.ts';
import type { UnderTest } from '../guarantee.ts';

type Fields = { readonly [field: string]: Json };

const labels = { app: 'web' };

/** The parts of a manifest in which tests have fields of their own. */
interface Own {
  readonly spec?: Fields;
  readonly pod?: Fields;
  readonly container?: Fields;
  /** Other containers. */
  readonly more?: readonly Fields[];
}

/** A small owner with the selector `app=web` and the container `server`. */
export const ownerWith = ({ spec, pod, container, more = [] }: Own = {}, kind: OwnerKind = 'Deployment'): Manifest => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'server', image: 'web:1', ...container }, ...more], ...pod },
    },
    ...spec,
  },
});

/** A Service that selects the pods of `ownerWith`. */
export const serviceWith = (spec: Fields = {}, name = 'web'): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }], ...spec },
});

export const budgetWith = (spec: Fields, name = 'web'): Manifest => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name },
  spec: { selector: { matchLabels: labels }, ...spec },
});

/** What is under test in these objects. */
export const underWith = (kind: OwnerKind = 'Deployment'): UnderTest => ({
  owner: { kind, name: 'web' },
  service: 'web',
  container: 'server',
});
