import { UsageError } from '../../model/usage-error.ts';

const uuid = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
/** Absolute paths of a host, as they appear in messages. */
const hostPath = /(?<![\w.:/])\/(?:home|root|tmp|var|work|opt|srv|mnt|Users|private)(?:\/[\w.@+-]+)+/g;
/** The names of nodes of our own lab. */
const labNode = /^holdfast-(?:control-plane\d*|worker\d*)$/;

// Each pattern can match only at the start of a word, so that the time grows only linearly with the length of a line.
const ipv4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/g;
/** Eight groups, or fewer with a gap. Six groups of two digits are a MAC address. */
const ipv6 =
  /(?<![\w:.])(?:(?:[0-9a-f]{1,4}:){5,7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?)(?![\w:])/gi;
const email = /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g;
const hostName = /(?<![\w.-])(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?![\w-]|\.\w)/gi;

/** Pods, services and the loopback have the same addresses in every lab. */
const labAddress = /^(?:10\.244\.|10\.(?:9[6-9]|10\d|11[01])\.|127\.|0\.0\.0\.0$)/;
/** Kubernetes' own names, our own schemas, reserved names (RFC 2606), and file names. */
const labName =
  /^holdfast\.|(?:^|\.)(?:kubernetes\.io|k8s\.io|cluster\.local|svc|invalid)$|\.(?:ndjson|json|log|gz|sock|service|slice|scope|conf|yaml|go)$/i;

/** The text before a password or a token. */
const secret =
  /(?<![a-z])(?:authorization|bearer)(?![a-z])|(?:password|passwd|secret|api[-_]?key|token)[\\"']{0,4}\s?=|(?<![a-z])(?:password|passwd|api[-_]?key)[\\"']{0,4}\s?:|-----BEGIN [A-Z ]{0,20}PRIVATE KEY/i;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Replaces equal names with equal new names. */
class Renamed {
  readonly #names = new Map<string, string>();
  readonly #name: (index: number) => string;

  constructor(name: (index: number) => string) {
    this.#name = name;
  }

  of(thing: string): string {
    const known = this.#names.get(thing) ?? this.#name(this.#names.size + 1);
    this.#names.set(thing, known);
    return known;
  }
}

/**
 * Removes data about the machine from a recording's text: names of nodes outside of our lab, addresses, host names,
 * people, ids and paths. Equal names get equal new names.
 */
export class Scrubber {
  readonly #ids = new Renamed((index) => `id-${index}`);
  // RFC 2544 and RFC 3849 reserve these blocks, so no real host has such an address.
  readonly #addresses = new Renamed((index) => `198.18.${Math.floor(index / 256) % 256}.${index % 256}`);
  readonly #addresses6 = new Renamed((index) => `2001:db8::${index.toString(16)}`);
  readonly #people = new Renamed((index) => `person-${index}@host.invalid`);
  readonly #hosts = new Renamed((index) => `host-${index}.invalid`);
  readonly #nodes: ReadonlyMap<string, string>;
  readonly #anyNode: RegExp | undefined;

  constructor(nodes: Iterable<string>) {
    const others = [...new Set(nodes)].filter((node) => node !== '' && !labNode.test(node)).sort();
    this.#nodes = new Map(others.map((node, index) => [node, `node-${index + 1}`]));
    const longestFirst = others.toSorted((one, other) => other.length - one.length).map(escaped);
    this.#anyNode =
      others.length > 0 ? new RegExp(`(?<![\\w.-])(?:${longestFirst.join('|')})(?![\\w-])`, 'g') : undefined;
  }

  /**
   * Scrubs a line of a recording. `where` is its file and number. Throws UsageError if it seems to contain a secret.
   */
  line(line: string, where: string): string {
    refuseSecret(line, where);
    return this.text(line);
  }

  text(text: string): string {
    const plain = text.replace(uuid, (id) => this.#ids.of(id)).replace(hostPath, '/scrubbed');
    const named = this.#anyNode ? plain.replace(this.#anyNode, (node) => this.#nodes.get(node) ?? node) : plain;
    return named
      .replace(email, (person) => this.#people.of(person))
      .replace(ipv4, (address) => (labAddress.test(address) ? address : this.#addresses.of(address)))
      .replace(ipv6, (address) => (/^::1?$/.test(address) ? address : this.#addresses6.of(address.toLowerCase())))
      .replace(hostName, (host) => (labName.test(host) ? host : this.#hosts.of(host.toLowerCase())));
  }
}

/**
 * Throws UsageError for a line that seems to contain a password or a token, because a secret cannot be removed
 * reliably.
 */
function refuseSecret(line: string, where: string): void {
  const found = secret.exec(line)?.[0];
  if (found === undefined) return;
  throw new UsageError(
    `${where} says ${JSON.stringify(found)}, which looks like a password or a token, but a golden recording is public. Cut other arms: --arm`,
  );
}
