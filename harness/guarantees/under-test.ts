import { type Manifest, type Manifests, objectName } from '../model/manifest.ts';
import { listed } from '../model/number-words.ts';
import type { OwnerKind } from '../model/owner.ts';
import type { Json } from '../model/units.ts';
import { UsageError } from '../model/usage-error.ts';
import { type Container, containersOf } from './containers.ts';
import { fieldsAt, listAt, textAt, valueAt } from './fields.ts';
import type { UnderTest } from './guarantee.ts';
import { inSameNamespace, podLabels, podSelector } from './owner-object.ts';
import { type Labels, selectorInWords, selectorOf, selects } from './selectors.ts';

const ownerKinds: readonly string[] = ['Deployment', 'StatefulSet'] satisfies readonly OwnerKind[];

/**
 * Finds the owner of the pods that a Service selects, and the container that serves it. Throws `UsageError` with the
 * objects and the way out if there is not exactly one.
 */
export function underTest(objects: Manifests, { service: name }: { readonly service: string }): UnderTest {
  const service = serviceNamed(objects, name);
  const owner = ownerOf(objects, service);
  const { kind, metadata } = owner;
  return {
    owner: { kind: kind as OwnerKind, name: metadata.name },
    service: name,
    container: servingContainer(owner, service),
  };
}

function serviceNamed(objects: Manifests, name: string): Manifest {
  const services = objects.filter(({ apiVersion, kind }) => kind === 'Service' && apiVersion === 'v1');
  const [service, ...more] = services.filter(({ metadata }) => metadata.name === name);
  if (!service) {
    const names = services.map(({ metadata }) => metadata.name).join(', ');
    throw new UsageError(
      services.length === 0
        ? `the manifests have no Service, so clients cannot reach the workload. Add Service ${name}`
        : `the manifests have no Service ${name}. Services: ${names}`,
    );
  }
  if (more.length > 0) throw new UsageError(`the manifests have ${more.length + 1} Services ${name}. Keep one of them`);
  return service;
}

const namesOf = (objects: Manifests): string => listed(objects.map(objectName));

function ownerOf(objects: Manifests, service: Manifest): Manifest {
  const labels = fieldsAt(service, 'spec', 'selector');
  if (Object.keys(labels).length === 0)
    throw new UsageError(
      `${objectName(service)} has no selector, so it selects no pods. Add the labels of the pods of your workload as its selector`,
    );
  const selector = selectorOf(labels);
  const owners = objects.filter(
    (object) => inSameNamespace(object, service) && selects(selector, labelsOfPods(object)) && hasPods(object),
  );
  const [owner, ...more] = owners;
  const words = `${objectName(service)} selects ${selectorInWords(selector)}`;
  if (!owner)
    throw new UsageError(
      `${words}, but no pods in the manifests have these labels. Use the labels in spec.template.metadata.labels of ${namesOf(objects.filter(isOwnerKind)) || 'a Deployment or StatefulSet'}`,
    );
  if (more.length > 0)
    throw new UsageError(
      `${words}, which are the pods of ${namesOf(owners)}. Change its selector so that it selects the pods of one of them`,
    );
  if (!isOwnerKind(owner))
    throw new UsageError(
      `${words}, which are the pods of ${objectName(owner)}. Only pods of a Deployment or a StatefulSet can be tested`,
    );
  if (!selects(podSelector(owner), podLabels(owner)) || Object.keys(podSelector(owner)).length === 0)
    throw new UsageError(
      `${objectName(owner)} does not select its own pods, which the API refuses. Use the labels in spec.template.metadata.labels for spec.selector.matchLabels`,
    );
  return owner;
}

const isOwnerKind = ({ apiVersion, kind }: Manifest): boolean =>
  ownerKinds.includes(kind) && apiVersion.startsWith('apps/');

const hasPods = (object: Manifest): boolean =>
  object.kind === 'Pod' || valueAt(object, 'spec', 'template', 'spec', 'containers') !== undefined;

const labelsOfPods = (object: Manifest): Labels =>
  object.kind === 'Pod' ? fieldsAt(object, 'metadata', 'labels') : podLabels(object);

/** The container that has the target port, or the only one. */
function servingContainer(owner: Manifest, service: Manifest): string {
  const containers = containersOf(owner);
  const [only, ...others] = containers;
  if (!only)
    throw new UsageError(`${objectName(owner)} has no container with a name. Add spec.template.spec.containers`);
  const [port] = listAt(service, 'spec', 'ports');
  if (port === undefined)
    throw new UsageError(`${objectName(service)} has no port. Add the port that its clients use to spec.ports`);
  const target = valueAt(port, 'targetPort') ?? valueAt(port, 'port');
  const found = containers.find((container) => hasPort(container, target, textAt(port, 'protocol') ?? 'TCP'));
  if (found) return nameOf(found);
  if (typeof target === 'number' && others.length === 0) return nameOf(only);
  const where = others.length === 0 ? `container ${nameOf(only)}` : 'the container that serves it';
  throw new UsageError(
    `no container of ${objectName(owner)} has the target port ${target} of ${objectName(service)}. Add it to the ports of ${where}`,
  );
}

const nameOf = (container: Container): string => textAt(container, 'name') ?? '';

const hasPort = (container: Container, target: Json | undefined, protocol: string): boolean =>
  listAt(container, 'ports').some(
    (port) =>
      valueAt(port, typeof target === 'number' ? 'containerPort' : 'name') === target &&
      (textAt(port, 'protocol') ?? 'TCP') === protocol,
  );
