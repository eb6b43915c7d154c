import { createHash } from 'node:crypto';
import type { Manifest, Manifests } from './manifest.ts';
import type { Json } from './units.ts';

/**
 * The objects as a plan records them. Each value of a Secret is replaced by `sha256:` and the first 32 hexadecimal digits
 * of its SHA-256. Equal values have equal digests, also in other runs, because the identity of an experiment depends on
 * its objects. So a short or common value can be guessed from its digest. The annotation in which `kubectl apply` repeats
 * an object is left out, because it repeats the values too.
 */
export const recordedObjects = (objects: Manifests): Manifests =>
  objects.map((object) => withoutLastApplied(object.kind === 'Secret' ? withDigests(object) : object));

/** Fields of a Secret that hold no values. Any other field is replaced, so that a misspelt `stringData` is no leak. */
const open = new Set(['apiVersion', 'kind', 'metadata', 'type', 'immutable']);

const withDigests = (secret: Manifest): Manifest =>
  Object.fromEntries(
    Object.entries(secret).map(([field, value]) => [
      field,
      open.has(field) || value === undefined ? value : digests(value as Json, field === 'data' ? 'base64' : 'utf8'),
    ]),
  ) as Manifest;

/** The digests of decoded values, by their keys. */
function digests(values: Json, encoding: 'base64' | 'utf8'): Json {
  if (typeof values !== 'object' || values === null) return digest(values, encoding);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, digest(value, encoding)]));
}

function digest(value: Json, encoding: 'base64' | 'utf8'): string {
  const bytes = typeof value === 'string' ? Buffer.from(value, encoding) : JSON.stringify(value);
  return `sha256:${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function withoutLastApplied(object: Manifest): Manifest {
  const { annotations, ...metadata } = object.metadata;
  if (annotations?.[lastApplied] === undefined) return object;
  const { [lastApplied]: _, ...others } = annotations;
  return {
    ...object,
    metadata: Object.keys(others).length === 0 ? metadata : { ...metadata, annotations: others },
  } as Manifest;
}
