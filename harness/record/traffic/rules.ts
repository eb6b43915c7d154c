import type { Micros, Ms } from '../../model/units.ts';
import { armFiles } from '../../recording/run-folder.ts';
import { writeWhole } from '../../sys/files/write.ts';
import type { Lab } from '../lab/lab.ts';

/** What is recorded for a mode of kube-proxy. */
interface Recorded {
  /** The argument of `nft monitor`. Empty: everything, with the number of each transaction. */
  readonly monitored: string;
  /** The table in the family `ip`. */
  readonly table: string;
  /** The lines of nft that are about Services. */
  readonly ofServices: RegExp;
}

/** nft prints this if it lost events of the kernel. */
const lostEvents = '# ERROR: ';

const iptables: Recorded = {
  monitored: 'rules',
  table: 'nat',
  ofServices: new RegExp(String.raw`\bKUBE-(?:SERVICES|SVC-|SEP-)|\bdnat to |: (?:\s*\}$|${lostEvents})`),
};

/**
 * In this mode endpoints are also elements of maps. Each change is a transaction with a number, which shows if one is
 * missing.
 */
const nftables: Recorded = {
  monitored: '',
  table: 'kube-proxy',
  ofServices: new RegExp(
    String.raw`^\S+ \S+?: (?:\s|\}$|table ip kube-proxy \{$|\w+ \w+ ip kube-proxy |# new generation |${lostEvents})`,
  ),
};

const recordedOf = (proxyMode: string): Recorded => (proxyMode === 'nftables' ? nftables : iptables);

/**
 * Lists the rules once the monitor listens, or after 2 s at most. Otherwise changes between the list and the start of
 * the monitor would be missed. The kernel shows the groups of a listener in /proc/net/netlink (protocol 12 is
 * netfilter). The list has its own stream to the journal, which cuts a line if another process writes into it.
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
 * The command on the node of the generators that prints the rules that lead to Services, and each change of them, for
 * the mode of its kube-proxy. It ends by itself after `limitMs`, even if holdfast is gone.
 */
export const rulesCommand = (proxyMode: string, limitMs: Ms): readonly string[] => [
  'timeout',
  String(Math.ceil(limitMs / 1000)),
  'sh',
  '-c',
  listWhileMonitored(recordedOf(proxyMode)),
];

/** The lines of a journal that are about Services, for the mode of kube-proxy. */
export const linesOfServices = (journal: string, proxyMode: string): string[] =>
  journal.split('\n').filter((line) => recordedOf(proxyMode).ofServices.test(line));

/**
 * Writes to the folder of the arm what the unit has printed since a moment. Each line has the time stamp of the
 * journal, in microseconds.
 */
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
