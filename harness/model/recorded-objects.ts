import { createHash } from 'node:crypto';
import type { Manifest, Manifests } from './manifest.ts';
import type { Json } from './units.ts';

/**
 * The objects as a plan records them. What they pass to programs is replaced by digests: the values of Secrets, of
 * environment variables and of annotations, and commands with their arguments. Commands of probes and hooks are kept, because
 * they are part of a guarantee. A digest is `sha256:` and the first 32 hexadecimal digits of the SHA-256 of a value. Equal
 * values have equal digests, also in other runs, because the identity of an experiment depends on its objects. So a short or
 * common value can be guessed from its digest. The annotation in which `kubectl apply` repeats an object is left out,
 * because it changes with every value.
 */
export const recordedObjects = (objects: Manifests): Manifests =>
  objects.map((object) => {
    const { apiVersion, kind, metadata, ...rest } = withoutValues(object) as Manifest;
    return { apiVersion, kind, metadata, ...(kind === 'Secret' ? secretDigests(rest) : rest) };
  });

type Fields = { readonly [field: string]: Json };

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields of a Secret that hold no values. Any other field is replaced, so that a misspelt `stringData` is no leak. */
const open = new Set(['type', 'immutable']);

const secretDigests = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [
      field,
      open.has(field) ? value : digests(value, field === 'data' ? 'base64' : 'utf8'),
    ]),
  );

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** What is recorded of a field, at any depth: also of pod templates in kinds that are not known. */
const replaced: { readonly [field: string]: (value: Json) => Json | undefined } = {
  annotations(value) {
    if (!isFields(value)) return digests(value, 'utf8');
    const kept = Object.entries(value).filter(([name]) => name !== lastApplied);
    return kept.length === 0 && lastApplied in value ? undefined : digests(Object.fromEntries(kept), 'utf8');
  },
  containers: (value) => containers(value),
  initContainers: (value) => containers(value),
  ephemeralContainers: (value) => containers(value),
};

function withoutValues(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutValues);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([field, of]) => {
      const kept = Object.hasOwn(replaced, field) ? replaced[field]?.(of) : withoutValues(of);
      return kept === undefined ? [] : [[field, kept]];
    }),
  );
}

const containers = (value: Json): Json =>
  Array.isArray(value)
    ? value.map((container: Json) => (isFields(container) ? withoutArguments(container) : digests(container, 'utf8')))
    : digests(value, 'utf8');

const withoutArguments = (container: Fields): Json =>
  Object.fromEntries(
    Object.entries(container).map(([field, value]) => {
      if (field === 'command' || field === 'args') return [field, digests(value, 'utf8')];
      return [field, field === 'env' ? variables(value) : withoutValues(value)];
    }),
  );

const variables = (value: Json): Json =>
  Array.isArray(value)
    ? value.map((variable: Json) =>
        isFields(variable)
          ? { ...variable, ...(variable.value !== undefined && { value: digest(variable.value, 'utf8') }) }
          : digest(variable, 'utf8'),
      )
    : digests(value, 'utf8');

/** The digests of values, by their keys or in their order. */
function digests(values: Json, encoding: 'base64' | 'utf8'): Json {
  if (Array.isArray(values)) return values.map((value: Json) => digest(value, encoding));
  if (!isFields(values)) return values === null ? null : digest(values, encoding);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, digest(value, encoding)]));
}

function digest(value: Json, encoding: 'base64' | 'utf8'): string {
  const bytes = typeof value === 'string' ? Buffer.from(value, encoding) : JSON.stringify(value);
  return `sha256:${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`;
}
