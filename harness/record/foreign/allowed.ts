import { Pointer } from 'rfc6902';
import type { ObjectRef, Operation } from '../../sys/kube.ts';

/** Namespaces whose names begin so belong to Kubernetes itself. */
const systemPrefix = 'kube-';
export const isSystemNamespace = (namespace: string): boolean => namespace.startsWith(systemPrefix);

/** By these keys a path could lead to what all objects share. */
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
 * What faults may change of a Deployment on a cluster that is not ours. `*` is any key of a map, or any item of a list. Not
 * among them: who a pod runs as and with which rights, host namespaces and paths, and whole containers.
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

/** Whether keys lead to one of the fields: what is changed, and taken back, as a whole. */
export const isUnit = (keys: readonly string[]): boolean =>
  units.some((unit) => unit.length === keys.length && begins(unit, keys));

/** Whether keys lead to a map or a list of which every item is such a field. */
export const isMapOfUnits = (keys: readonly string[]): boolean =>
  units.some((unit) => unit.length === keys.length + 1 && unit.at(-1) === '*' && begins(unit, keys));

/** Whether what keys lead to is such a field or is in one. */
export const isAllowed = (keys: readonly string[]): boolean =>
  !keys.some(isPrototypeKey) && keys.some((_, index) => isUnit(keys.slice(0, index + 1)));

export const isPatchable = ({ apiVersion, kind, namespace }: ObjectRef): boolean =>
  apiVersion === 'apps/v1' && kind === 'Deployment' && namespace !== undefined && !isSystemNamespace(namespace);

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Whether an operation of a JSON Patch only tests, changes an allowed field, or makes an empty place for one. */
export function isAllowedOperation(operation: Operation): boolean {
  const keys = Pointer.fromJSON(operation.path).tokens.slice(1);
  if (operation.op === 'test') return true;
  if (operation.op === 'add' && isEmpty(operation.value) && isMapOfUnits(keys)) return true;
  return ['add', 'remove', 'replace'].includes(operation.op) && isAllowed(keys);
}
