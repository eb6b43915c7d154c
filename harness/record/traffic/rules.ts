import { writeFile } from 'node:fs/promises';
import type { Micros, Ms } from '../../model/units.ts';
import type { Lab } from '../lab.ts';

/**
 * What to run on the generator's node so that it prints the rules that lead to Services, and then each change of them.
 * It ends by itself after `limitMs`, should nobody be left to end it.
 */
export const rulesCommand = (limitMs: Ms): readonly string[] => [
  'timeout',
  String(Math.ceil(limitMs / 1000)),
  'sh',
  '-c',
  'nft list table ip nat; exec nft monitor rules',
];

/** Lines of kube-proxy's chains in iptables mode, as nft prints them; the others say nothing about Services. */
const ofServices = /\bKUBE-(?:SERVICES|SVC-|SEP-)|\bdnat to |: \s*}$/;

/** What a journal says of Services, of all that the unit printed. */
export const linesOfServices = (journal: string): string[] =>
  journal.split('\n').filter((line) => ofServices.test(line));

/** Writes down what the unit printed since a moment, each line under the journal's own stamp, in whole microseconds. */
export async function collectRules(
  { onNode }: Pick<Lab, 'onNode'>,
  { node, since, file }: { readonly node: string; readonly since: Micros; readonly file: string },
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
  await writeFile(
    file,
    linesOfServices(stdout)
      .map((line) => `${line}\n`)
      .join(''),
  );
}
