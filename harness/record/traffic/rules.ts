import type { Micros, Ms } from '../../model/units.ts';
import { armFiles } from '../../recording/run-folder.ts';
import { writeWhole } from '../../sys/files/write.ts';
import type { Lab } from '../lab.ts';

/**
 * Lists once the monitor listens, or after 2 s at most: what kube-proxy changes between a list and the monitor's first
 * moment nobody would tell. The kernel shows a listener's groups in /proc/net/netlink (protocol 12 is netfilter). The
 * list has a stream of its own to the journal, which cuts a line where another process writes into it.
 */
const listWhileMonitored = `
  nft monitor rules & monitor=$!
  tries=0
  until grep -q "^[^ ]* 12  *$monitor  *0*[1-9a-f]" /proc/net/netlink || [ $tries -ge 40 ]
  do sleep 0.05; tries=$((tries + 1))
  done
  systemd-cat nft list table ip nat
  wait $monitor`;

/**
 * What to run on the generator's node so that it prints the rules that lead to Services, and each change of them. It
 * ends by itself after `limitMs`, should nobody be left to end it.
 */
export const rulesCommand = (limitMs: Ms): readonly string[] => [
  'timeout',
  String(Math.ceil(limitMs / 1000)),
  'sh',
  '-c',
  listWhileMonitored,
];

/** Lines of kube-proxy's chains in iptables mode, as nft prints them; the others say nothing about Services. */
const ofServices = /\bKUBE-(?:SERVICES|SVC-|SEP-)|\bdnat to |: \s*}$/;

/** What a journal says of Services, of all that the unit printed. */
export const linesOfServices = (journal: string): string[] =>
  journal.split('\n').filter((line) => ofServices.test(line));

/** Writes into an arm's folder what the unit printed since a moment, each line under the journal's own stamp, in whole microseconds. */
export async function collectRules(
  { onNode }: Pick<Lab, 'onNode'>,
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
    linesOfServices(stdout)
      .map((line) => `${line}\n`)
      .join(''),
  );
}
