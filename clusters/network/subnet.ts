/** An IPv4 block such as 10.213.0.0/24. */
export interface Block {
  readonly address: number;
  readonly prefix: number;
}

const blockSyntax = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Throws if `text` is not an IPv4 block in CIDR notation. */
export function parseBlock(text: string): Block {
  const parts = blockSyntax.exec(text)?.slice(1).map(Number);
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = parts ?? [];
  if (Math.max(a, b, c, d) > 255 || prefix > 32) throw new Error(`"${text}" is not an IPv4 block such as 10.0.0.0/24`);
  return { address: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0, prefix };
}

export function formatBlock({ address, prefix }: Block): string {
  return `${[24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')}/${prefix}`;
}

export function overlap(one: Block, other: Block): boolean {
  const prefix = Math.min(one.prefix, other.prefix);
  return prefix === 0 || (one.address ^ other.address) >>> (32 - prefix) === 0;
}

/** The destinations in the text of /proc/net/route, whose numbers are hexadecimal in little-endian byte order. */
export function parseRoutes(text: string): Block[] {
  const swap = (hex: string) => Buffer.from(hex, 'hex').readUInt32LE();
  const bits = (mask: number) => mask.toString(2).replaceAll('0', '').length;
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .map(([, destination = '', , , , , , mask = '']) => ({ address: swap(destination), prefix: bits(swap(mask)) }));
}

/** A prefix this short is a default route, or one half of it as VPNs add it. Such blocks reserve nothing. */
const defaultRoutePrefix = 7;

/** The blocks of the cluster for pods and Services. */
const clusterBlocks = ['10.244.0.0/16', '10.96.0.0/16'].map(parseBlock);

const candidates = ['10.213', '172.27', '192.168'].flatMap((start) =>
  Array.from({ length: 256 }, (_, third) => parseBlock(`${start}.${third}.0/24`)),
);

/** A /24 that overlaps none of `taken`, so that the last octet identifies a node. Throws if all candidates are taken. */
export function freeSubnet(taken: readonly Block[]): string {
  const reserved = [...clusterBlocks, ...taken.filter(({ prefix }) => prefix > defaultRoutePrefix)];
  const free = candidates.find((candidate) => !reserved.some((block) => overlap(candidate, block)));
  if (!free) {
    throw new Error(
      'The routes and container networks of this machine leave no free /24 in 10.213.0.0/16, 172.27.0.0/16 or 192.168.0.0/16. ' +
        'Remove unused container networks: docker network prune',
    );
  }
  return formatBlock(free);
}
