/**
 * Cuts a golden recording out of a run, for the tests of the judge. Data about the machine is removed.
 * Usage: npm run golden -- RUN harness/testing/golden/NAME [--arm ARM …]
 */
import { parseArgs } from 'node:util';
import { printable } from '../harness/model/printable.ts';
import { defaultRunsFolder, findRun } from '../harness/run/runs.ts';
import { print } from '../harness/sys/terminal.ts';
import { cutGolden } from '../harness/testing/golden-tools/cut.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { arm: { type: 'string', multiple: true, default: [] } },
});
const [run, folder] = positionals;
if (run === undefined || folder === undefined) throw new Error('usage: npm run golden -- RUN FOLDER [--arm ARM …]');
const { experiments } = await cutGolden(findRun(defaultRunsFolder(), run), folder, values.arm);
for (const { name, arms } of experiments) {
  for (const { name: arm, verdict, failed } of arms)
    print(`${printable(name)}, ${printable(arm)}: ${verdict}, ${failed} failed\n`);
}
print(`Wrote ${printable(folder)}. Its expected.json holds the expected result.\n`);
