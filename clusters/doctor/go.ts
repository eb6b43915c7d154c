import { ownCommand } from '../../harness/model/own-command.ts';
import { missing, type Recipe } from '../cache.ts';
import { findGo, type Go, isNewEnough, oldestGo } from '../node-image/go.ts';
import { labRecipes } from '../transfer/contents.ts';
import type { DoctorLine } from './line.ts';

/** The Go programs that every lab has. The others are in the node image, and a stock image brings its own. */
const inEveryLab = ['kind', 'k6'];

/**
 * Which Go compiles the Go programs of the lab. `toBuild` names the programs that are not built yet: a machine on which all are
 * built needs no Go.
 */
export function judgeGo(found: Go | undefined, toBuild: readonly string[]): DoctorLine {
  const name = 'Go';
  const what = found ? `${found.version} at ${found.path}` : 'none';
  if (toBuild.length === 0)
    return { name, state: 'ok', detail: `${what}; not needed, since every Go program of the lab is built` };
  const programs = toBuild.join(', ');
  if (found && isNewEnough(found)) return { name, state: 'ok', detail: `${what} compiles ${programs}` };
  const needed = `${oldestGo} or newer is needed to compile ${programs} (https://go.dev/dl)`;
  const detail = `${what}; ${needed}`;
  if (!toBuild.some((program) => inEveryLab.includes(program)))
    return {
      name,
      state: 'fixable',
      detail: `${detail}, a stock image needs none`,
      fix: `${ownCommand} cluster up --image stock`,
    };
  const elsewhere = `or import a lab that was built on another machine: ${ownCommand} lab import FILE`;
  return { name, state: 'missing', detail: `${detail}, ${elsewhere}` };
}

const isGoProgram = ({ programs = [] }: Recipe): boolean => programs.includes('go');

export const go = async (): Promise<DoctorLine> =>
  judgeGo(
    await findGo(),
    (await missing(labRecipes)).filter(isGoProgram).map(({ name }) => name),
  );
