import { Pointer } from 'rfc6902';
import type { Owner } from '../../model/owner.ts';
import type { ObjectRef, Operation } from '../../sys/kube.ts';

/** Namespaces with this prefix belong to Kubernetes. */
const systemPrefix = 'kube-';
export const isSystemNamespace = (namespace: string): boolean => namespace.startsWith(systemPrefix);

/** Keys that lead to the prototype, which all objects share. */
const prototypeKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
export const isPrototypeKey = (key: string): boolean => prototypeKeys.has(key);

const containerFields = [
  'image',
  'imagePullPolicy',
  'command',
  'args',
  'workingDir',
  'env.*',
  'envFrom',
  'ports',
  'resources',
  'volumeMounts',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
];
const podFields = [
  'terminationGracePeriodSeconds',
  'affinity',
  'nodeSelector.*',
  'tolerations',
  'topologySpreadConstraints',
  'volumes.*.configMap',
  'volumes.*.secret',
  ...['containers', 'initContainers'].flatMap((list) => containerFields.map((field) => `${list}.*.${field}`)),
];

/**
 * The fields of a Deployment or StatefulSet that faults may change in a cluster that holdfast did not create. A rollout
 * changes one annotation. A rollback restores a whole template, with labels and fields of its pods. `*` is any key of a map
 * or any item of a list. Only a Deployment has `spec.strategy`. Not allowed: the user and rights of a pod, host namespaces
 * and paths, and whole containers.
 */
const units: readonly (readonly string[])[] = [
  'spec.replicas',
  'spec.strategy',
  'spec.template.metadata.labels.*',
  'spec.template.metadata.annotations.*',
  ...podFields.map((field) => `spec.template.spec.${field}`),
].map((unit) => unit.split('.'));

const begins = (unit: readonly string[], keys: readonly string[]): boolean =>
  keys.length <= unit.length && keys.every((key, index) => unit[index] === '*' || unit[index] === key);

/** Whether the keys lead to an allowed field. Such a field is changed and restored as a whole. */
export const isUnit = (keys: readonly string[]): boolean =>
  units.some((unit) => unit.length === keys.length && begins(unit, keys));

/** Whether the keys lead to a map or a list whose items are allowed fields. */
export const isMapOfUnits = (keys: readonly string[]): boolean =>
  units.some((unit) => unit.length === keys.length + 1 && unit.at(-1) === '*' && begins(unit, keys));

/** Whether the keys lead to an allowed field or into one. */
export const isAllowed = (keys: readonly string[]): boolean =>
  !keys.some(isPrototypeKey) && keys.some((_, index) => isUnit(keys.slice(0, index + 1)));

/** The owner that a reference leads to; undefined if it leads to an object that must not be patched. */
export function patchableOwner({ apiVersion, kind, name, namespace }: ObjectRef): Owner | undefined {
  if (apiVersion !== 'apps/v1' || namespace === undefined || isSystemNamespace(namespace)) return undefined;
  return kind === 'Deployment' || kind === 'StatefulSet' ? { kind, name } : undefined;
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Whether an operation of a JSON Patch is a test, changes an allowed field, or adds the empty map or list for one. */
export function isAllowedOperation(operation: Operation): boolean {
  const keys = Pointer.fromJSON(operation.path).tokens.slice(1);
  if (operation.op === 'test') return true;
  if (operation.op === 'add' && isEmpty(operation.value) && isMapOfUnits(keys)) return true;
  return ['add', 'remove', 'replace'].includes(operation.op) && isAllowed(keys);
}
