import assert from 'node:assert/strict';
import { judgeArm, judgeRun } from '../../judge/judge.ts';
import { checkKey } from '../../model/checks.ts';
import type { Finding } from '../../model/finding.ts';
import type { Files } from '../worlds/files.ts';
import { armSettings, runFiles, syntheticArm, withFolder } from '../worlds/run-files.ts';
import { cutInLine, type Damages, type Edit, lines, noticedBy, replaced, withoutFiles } from './edit.ts';
import { closeDemand, inArm } from './passing.ts';

type Arm = 'control' | 'treatment' | 'neither';

const arm = (name: Arm, proxyMode: 'iptables' | 'nftables') =>
  syntheticArm(name, armSettings[name], { seed: 9, proxyMode, demands: name === 'treatment' ? [closeDemand] : [] });

const run: Files = runFiles(
  (['control', 'treatment', 'neither'] as const).map((name) => arm(name, 'nftables')),
  'nftables',
);

const rules = /^rules/;
/** The line numbers of the transaction with this number. */
function transaction(all: readonly string[], number: number): readonly [from: number, to: number] {
  const ends = all.flatMap((line, index) => (line.includes('# new generation') ? [index] : []));
  const list = all.findIndex((line) => line.endsWith(': }'));
  return [(ends[number - 1] ?? list) + 1, (ends[number] ?? all.length) + 1];
}

/** Removes lines of one transaction. */
const without = (number: number, what: RegExp): Edit =>
  lines(rules, (all) => {
    const [from, to] = transaction(all, number);
    return all.filter((line, index) => index < from || index >= to || !what.test(line));
  });

/** Damages that the recording itself shows, also in an arm without demands on its rules. */
const shown: Damages = noticedBy('recording-intact', {
  'no rules': withoutFiles(rules),
  'rules cut off within a line': cutInLine(rules),
  'half a line in the middle of the rules': lines(rules, (all) => {
    const [, to] = transaction(all, 1);
    return all.map((line, index) => (index === to - 2 ? line.slice(0, -20) : line));
  }),
  'a line of garbage among the rules': lines(rules, (all) => all.toSpliced(9, 0, 'no rule at all')),
  'an empty log of rules': lines(rules, () => []),
  'no list of the initial rules': lines(rules, (all) => all.slice(transaction(all, 0)[0])),
  'half of the list': lines(rules, (all) => all.toSpliced(0, Math.floor(transaction(all, 0)[0] / 2))),
  'a missing transaction': without(2, /./),
  'a transaction without its number': without(2, /new generation/),
  'a new rule that is missing': without(2, /add rule/),
  'an old rule without its removal': without(2, /delete rule/),
  'rules cut off before a transaction ended': lines(rules, (all) => all.slice(0, -1)),
  'rules in the format of another mode': (files) => ({
    ...files,
    'rules.log': arm('neither', 'iptables').files['rules.log'] ?? [],
  }),
  'a message of nft that it lost events': lines(rules, (all) =>
    all.toSpliced(-1, 0, '1795000012.000000 nft[77]: # ERROR: We lost some netlink events!'),
  ),
});

const asked: Damages = noticedBy('demand-met: margin-close', {
  'rules cut off before they changed for the last time': lines(rules, (all) => all.slice(0, transaction(all, 5)[0])),
});

async function judged(files: Files) {
  const { verdict, experiments } = await withFolder(files, (folder) => judgeRun(folder));
  const findings: Finding[] = experiments.flatMap((each) => [
    ...each.findings,
    ...each.arms.flatMap((one) => one.findings),
  ]);
  return { verdict, doubts: findings.filter((finding) => finding.verdict !== 'pass'), experiments };
}

describe('the recording of a run whose kube-proxy was in nftables mode', () => {
  it('passes, with the same margins as in iptables mode', async () => {
    const { verdict, doubts, experiments } = await judged(run);
    assert.equal(verdict, 'pass', doubts.map(({ check, measured }) => `${check}: ${measured}`).join('\n'));
    const margins = experiments[0]?.arms.find(({ name }) => name === 'treatment')?.margins;
    const other = await withFolder(arm('treatment', 'iptables').files, judgeArm);
    for (const kind of ['close', 'listen'] as const) {
      assert.ok(margins?.[kind], kind);
      assert.equal(margins[kind].smallestMs, other.margins?.[kind]?.smallestMs);
      assert.equal(margins[kind].pods, 3);
    }
  });

  it('is also judged correctly by arm, with the mode in its arm.json', async () => {
    const { files } = arm('treatment', 'nftables');
    assert.equal((await withFolder(files, judgeArm)).verdict, 'pass');
    const other = replaced(/^arm\.json$/, 'nftables-rules', 'iptables-rules')(files);
    assert.equal((await withFolder(other, judgeArm)).verdict, 'inconclusive');
  });

  it('reports missing rules of an arm', async () => {
    const { doubts } = await judged(inArm('control', withoutFiles(rules))(run));
    assert.match(JSON.stringify(doubts), /rules\.log: missing/);
  });

  const damages: readonly (readonly [arm: Arm, Damages])[] = [
    ['treatment', { ...shown, ...asked }],
    [
      'control',
      Object.fromEntries(Object.entries(shown).filter(([what]) => !/transaction|rule that|old rule|middle/.test(what))),
    ],
    ['neither', shown],
  ];
  for (const [name, all] of damages)
    for (const [what, { edit, noticedBy: check }] of Object.entries(all))
      it(`does not pass with ${what} in the ${name}`, async () => {
        const damaged = inArm(name, edit)(run);
        assert.notDeepEqual(damaged, run, 'the damage changes nothing');
        const { verdict, doubts } = await judged(damaged);
        assert.equal(verdict, 'inconclusive');
        assert.ok(
          doubts.some((doubt) => checkKey(doubt) === check),
          `not noticed by “${check}”:\n${doubts.map((doubt) => `${checkKey(doubt)}: ${doubt.measured}`).join('\n')}`,
        );
      });
});
