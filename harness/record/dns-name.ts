/** Leaves room for endings such as `.ndjson.gz.part` in the 255 bytes of a file name. */
const dnsName = /^[a-z0-9]([a-z0-9.-]{0,198}[a-z0-9])?$/;

/** Whether the name of a pod or a node can be part of a file name: it has no slashes and no control characters. */
export const isDnsName = (name: string): boolean => dnsName.test(name);
