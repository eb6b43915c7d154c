import type { Json } from './units.ts';

/** A Kubernetes object as its author wrote it. A type alias, because plans that hold it are JSON. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: Json };
  readonly [field: string]: Json;
};

export type Manifests = readonly Manifest[];

/** `Deployment web`. */
export const objectName = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;
