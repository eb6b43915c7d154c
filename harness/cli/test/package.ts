import { countsInWords, runMocha, testFiles } from '../../mocha/run-mocha.ts';
import { type ExitCode, exitCodes } from '../../model/verdict.ts';
import { print } from '../../sys/terminal.ts';

/** Packs holdfast, installs the package into an empty folder, and uses it there. Needs no cluster. */
export async function testPackage(): Promise<ExitCode> {
  const counts = await runMocha({ files: testFiles('package'), reporter: 'spec' });
  print(`${countsInWords(counts)}\n`);
  return counts.failed > 0 ? exitCodes.fail : exitCodes.pass;
}
