/** The names of topology keys in the lab. Its nodes have the label `rack`. */
const names: { readonly [name: string]: string } = {
  hostname: 'kubernetes.io/hostname',
  zone: 'topology.kubernetes.io/zone',
};

/** The topology key of a name, or the key itself. */
export const topologyKey = (name: string): string => (Object.hasOwn(names, name) ? (names[name] ?? name) : name);

/** `hostname`, `zone`, or the key itself. */
export const topologyName = (key: string): string => Object.entries(names).find(([, of]) => of === key)?.[0] ?? key;

/** Whether a text can be a topology key or the name of one. */
export const isTopology = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(text);
