import type { KubernetesObject, V1Lease, V1Node, V1Pod } from '@kubernetes/client-node';

/** A type of the client as JSON: its dates are text. */
type AsJson<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? readonly AsJson<Item>[]
    : T extends object
      ? { readonly [Field in keyof T]: AsJson<T[Field]> }
      : T;

/** Objects as `kubectl get --output=json` prints them. */
export type PrintedObject = AsJson<KubernetesObject>;
export type PrintedNode = AsJson<V1Node>;
export type PrintedPod = AsJson<V1Pod>;
export type PrintedLease = AsJson<V1Lease>;

export interface PrintedList<T extends PrintedObject> {
  readonly items: readonly T[];
}

export const nameOf = ({ metadata }: PrintedObject): string => metadata?.name ?? '';
