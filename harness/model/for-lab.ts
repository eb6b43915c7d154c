import type { LabConditions } from './experiment.ts';
import { type Manifest, type Manifests, objectName } from './manifest.ts';
import type { ChangedForLab, PlannedWorkload } from './plan.ts';
import type { Json } from './units.ts';

/** Where the workload of an arm is deployed. */
export interface WorkloadPlace {
  readonly namespace: string;
  /** The images that are loaded into the nodes, by the name that containers have for them. */
  readonly images: { readonly [name: string]: string };
  /** The path below `/evidence` of its node to which the workload writes its log. */
  readonly evidencePath: string;
  /** The node of the generators. The workload must not be scheduled there. */
  readonly generatorNode: string;
}

type Fields = { readonly [field: string]: Json };

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsIn = (value: Json | undefined): Fields => (isFields(value) ? value : {});
const listIn = (value: Json | undefined): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** A change of the pod template of one owner. */
interface PodChange {
  /** A path below `spec.template.spec`. */
  readonly field: string;
  readonly why: string;
  readonly pod: Fields;
}

const hasPods = ({ kind }: Manifest): boolean => kind === 'Deployment' || kind === 'StatefulSet';

/**
 * The objects of a workload as they are deployed in the lab, and the fields that this changed. Pure, so that a plan
 * can list the fields without a lab.
 */
export function forLab(
  objects: Manifests,
  {
    workload: { owner, container, log },
    lab,
  }: {
    readonly workload: Pick<PlannedWorkload, 'owner' | 'container'> & { readonly log?: string | undefined };
    readonly lab: LabConditions;
  },
  place: WorkloadPlace,
): { readonly objects: Manifests; readonly changes: readonly ChangedForLab[] } {
  const changes: ChangedForLab[] = [
    { object: 'all objects', field: 'metadata.namespace', why: 'each arm has a namespace of its own' },
  ];
  const deployed = objects.map((object) => {
    const placed = { ...object, metadata: { ...object.metadata, namespace: place.namespace } };
    if (!hasPods(object)) return placed;
    const isUnderTest = object.kind === owner.kind && object.metadata.name === owner.name;
    const spec = fieldsIn(object.spec);
    const template = fieldsIn(spec.template);
    let pod = fieldsIn(template.spec);
    const steps = [
      awayFromGenerators(place.generatorNode),
      ...[...listIn(pod.initContainers), ...listIn(pod.containers)].map(({ name }) => loadedImage(String(name), place)),
      ...(isUnderTest && lab.scheduler !== 'default-scheduler' ? [scheduledBy(lab.scheduler)] : []),
      ...(isUnderTest && log !== undefined ? [withEvidence(container, log, place)] : []),
    ];
    for (const step of steps) {
      const change = step(pod);
      if (!change) continue;
      ({ pod } = change);
      changes.push({
        object: objectName(object),
        field: `spec.template.spec.${change.field}`,
        why: change.why,
      });
    }
    return { ...placed, spec: { ...spec, template: { ...template, spec: pod } } };
  });
  return { objects: deployed as Manifests, changes };
}

/** Every term must exclude the node, because one matching term is enough. */
const awayFromGenerators =
  (node: string) =>
  (pod: Fields): PodChange => {
    const affinity = fieldsIn(pod.affinity);
    const nodeAffinity = fieldsIn(affinity.nodeAffinity);
    const required = fieldsIn(nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution);
    const terms = listIn(required.nodeSelectorTerms);
    const excluded = { key: 'kubernetes.io/hostname', operator: 'NotIn', values: [node] };
    const nodeSelectorTerms = (terms.length > 0 ? terms : [{}]).map((term) => ({
      ...term,
      matchExpressions: [...listIn(term.matchExpressions), excluded],
    }));
    return {
      field: 'affinity.nodeAffinity',
      why: 'the node that sends the requests runs no pod under test',
      pod: {
        ...pod,
        affinity: {
          ...affinity,
          nodeAffinity: {
            ...nodeAffinity,
            requiredDuringSchedulingIgnoredDuringExecution: { ...required, nodeSelectorTerms },
          },
        },
      } as Fields,
    };
  };

const loadedImage =
  (container: string, { images }: WorkloadPlace) =>
  (pod: Fields): PodChange | undefined => {
    const list = (['initContainers', 'containers'] as const).find((which) =>
      listIn(pod[which]).some(({ name }) => name === container),
    );
    if (!list) return undefined;
    const before = listIn(pod[list]).find(({ name }) => name === container)?.image;
    const image = typeof before === 'string' && Object.hasOwn(images, before) ? images[before] : undefined;
    if (image === undefined) return undefined;
    return {
      field: `${list}[${container}].image`,
      why: 'the lab has no registry, so its image is loaded into the nodes',
      pod: {
        ...pod,
        [list]: listIn(pod[list]).map((each) => (each.name === container ? { ...each, image } : each)),
      } as Fields,
    };
  };

const scheduledBy =
  (scheduler: string) =>
  (pod: Fields): PodChange => ({
    field: 'schedulerName',
    why: 'the arm chooses this profile of the scheduler',
    pod: { ...pod, schedulerName: scheduler },
  });

const withEvidence =
  (container: string, mountPath: string, { evidencePath }: WorkloadPlace) =>
  (pod: Fields): PodChange => ({
    field: 'volumes[evidence]',
    why: 'holdfast reads the log of the workload from a folder of its node',
    pod: {
      ...pod,
      containers: listIn(pod.containers).map((each) =>
        each.name === container
          ? { ...each, volumeMounts: [...listIn(each.volumeMounts), { name: 'evidence', mountPath }] }
          : each,
      ),
      volumes: [
        ...listIn(pod.volumes),
        { name: 'evidence', hostPath: { path: `/evidence/${evidencePath}`, type: 'DirectoryOrCreate' } },
      ],
    } as Fields,
  });
