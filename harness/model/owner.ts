export type OwnerKind = 'Deployment' | 'StatefulSet';

/** The apps/v1 object that owns the pods under test. A type alias, because plans that hold it are JSON. */
export type Owner = { readonly kind: OwnerKind; readonly name: string };
