/**
 * Measures how often the judge finds the true cause, in many simulated arms with clocks that differ and watches that
 * are late.
 * `--lossy` removes a tenth of all evidence. The judge may then leave causes open, but must not name a wrong one.
 * `--busy` records as a busy machine does: watches and conntrack are up to 0.9 s late at once, and the harness's event
 * loop is blocked for up to 5 s.
 * Usage: node bench/attribution.ts [worlds per story] [--lossy] [--busy]
 */
import { judgeArm } from '../harness/judge/judge.ts';
import { Accuracy, compare } from '../harness/testing/worlds/accuracy.ts';
import { busyMachine } from '../harness/testing/worlds/busy-machine.ts';
import { lookAlikes } from '../harness/testing/worlds/look-alikes.ts';
import { losses, without } from '../harness/testing/worlds/losses.ts';
import { seeded } from '../harness/testing/worlds/random.ts';
import { withFolder } from '../harness/testing/worlds/run-files.ts';
import { stories } from '../harness/testing/worlds/stories.ts';
import { tell } from '../harness/testing/worlds/tell.ts';

const count = Number(process.argv[2] ?? 50);
const lossy = process.argv.includes('--lossy');
const busy = process.argv.includes('--busy');
const random = seeded(1);
const kinds = Object.keys(losses);

/** Prints one line per cause, over all worlds of these stories. */
async function measure(told: readonly string[]): Promise<void> {
  const accuracy = new Accuracy();
  const started = performance.now();
  for (const story of told) await judgeWorlds(story, accuracy);
  console.log(accuracy.inWords());
  const seconds = (performance.now() - started) / 1000;
  console.log(`${told.length * count} worlds, ${accuracy.failures} failures, ${seconds.toFixed(0)} s`);
  if (accuracy.wrong.length > 0) process.exitCode = 1;
}

async function judgeWorlds(story: string, accuracy: Accuracy): Promise<void> {
  for (let seed = 1; seed <= count; seed++) {
    const usual = { story, seed, skewMs: random() * 50, lateMs: random() * 150 };
    const { files, sent } = tell(busy ? { ...usual, ...busyMachine(random) } : usual);
    const kept = lossy ? without(files, kinds[seed % kinds.length] ?? '', random()) : files;
    const tallies = compare(sent, await withFolder(kept, judgeArm));
    accuracy.add(tallies);
    for (const { id, truth, found, words } of [...tallies.values()].flatMap(({ wrong }) => wrong))
      console.log(
        `wrong: ${story}, seed ${seed}${lossy ? `, without ${kinds[seed % kinds.length]}` : ''}, ${id}: ${truth} taken for ${found}: ${words}`,
      );
  }
}
await measure(Object.keys(stories));
console.log('\nwhat looks like another cause than it is:');
await measure(Object.keys(lookAlikes));
