/** Room for endings such as `.ndjson.gz.part` in the 255 bytes that a file's name may have. */
const dnsName = /^[a-z0-9]([a-z0-9.-]{0,198}[a-z0-9])?$/;

/** Whether a pod's or a node's name is one from which the name of a file may be made: it has neither slashes nor controls. */
export const isDnsName = (name: string): boolean => dnsName.test(name);
