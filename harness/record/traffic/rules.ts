import type { Micros, Ms } from '../../model/units.ts';
import { armFiles } from '../../recording/run-folder.ts';
import { writeWhole } from '../../sys/files/write.ts';
import type { Lab } from '../lab/lab.ts';

/** What is recorded of a mode of kube-proxy. */
interface Recorded {
  /** What `nft monitor` tells of; all of it if empty, with the number of each transaction. */
  readonly monitored: string;
  /** Of the family `ip`. */
  readonly table: string;
  /** Lines that say something of Services, as nft prints them; the others say nothing about them. */
  readonly ofServices: RegExp;
}

/** By which nft says that the kernel told more than it could read. */
const lostEvents = '# ERROR: ';

const iptables: Recorded = {
  monitored: 'rules',
  table: 'nat',
  ofServices: new RegExp(String.raw`\bKUBE-(?:SERVICES|SVC-|SEP-)|\bdnat to |: (?:\s*\}$|${lostEvents})`),
};

/** Endpoints are elements of maps here, too, and each change is a transaction whose number shows whether one is missing. */
const nftables: Recorded = {
  monitored: '',
  table: 'kube-proxy',
  ofServices: new RegExp(
    String.raw`^\S+ \S+?: (?:\s|\}$|table ip kube-proxy \{$|\w+ \w+ ip kube-proxy |# new generation |${lostEvents})`,
  ),
};

const recordedOf = (proxyMode: string): Recorded => (proxyMode === 'nftables' ? nftables : iptables);

/**
 * Lists once the monitor listens, or after 2 s at most: what kube-proxy changes between a list and the monitor's first
 * moment nobody would tell. The kernel shows a listener's groups in /proc/net/netlink (protocol 12 is netfilter). The
 * list has a stream of its own to the journal, which cuts a line where another process writes into it.
 */
const listWhileMonitored = ({ monitored, table }: Recorded) => `
  nft monitor ${monitored} & monitor=$!
  tries=0
  until grep -q "^[^ ]* 12  *$monitor  *0*[1-9a-f]" /proc/net/netlink || [ $tries -ge 40 ]
  do sleep 0.05; tries=$((tries + 1))
  done
  systemd-cat nft list table ip ${table}
  wait $monitor`;

/**
 * What to run on the generator's node so that it prints the rules that lead to Services, and each change of them, by the
 * mode of its kube-proxy. It ends by itself after `limitMs`, should nobody be left to end it.
 */
export const rulesCommand = (proxyMode: string, limitMs: Ms): readonly string[] => [
  'timeout',
  String(Math.ceil(limitMs / 1000)),
  'sh',
  '-c',
  listWhileMonitored(recordedOf(proxyMode)),
];

/** What a journal says of Services, of all that the unit printed, by the mode of kube-proxy. */
export const linesOfServices = (journal: string, proxyMode: string): string[] =>
  journal.split('\n').filter((line) => recordedOf(proxyMode).ofServices.test(line));

/** Writes into an arm's folder what the unit printed since a moment, each line under the journal's own stamp, in whole microseconds. */
export async function collectRules(
  { onNode, info }: Pick<Lab, 'onNode' | 'info'>,
  { node, since, folder }: { readonly node: string; readonly since: Micros; readonly folder: string },
  signal: AbortSignal,
): Promise<void> {
  const limits = { signal, timeoutMs: 20_000 };
  await onNode(node, ['journalctl', '--sync'], limits);
  const { stdout } = await onNode(
    node,
    [
      'journalctl',
      '--quiet',
      '--unit=holdfast-rules',
      '--output=short-unix',
      '--no-hostname',
      `--since=@${Math.floor(since / 1e6)}`,
    ],
    limits,
  );
  writeWhole(
    folder,
    armFiles.rules,
    linesOfServices(stdout, info.profile.proxyMode)
      .map((line) => `${line}\n`)
      .join(''),
  );
}
