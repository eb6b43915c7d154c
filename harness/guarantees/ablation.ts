import type { ArmSpec, Expectation } from '../model/experiment.ts';
import type { GuaranteeName } from '../model/facts.ts';
import { without } from './changes.ts';

/** `minReadySeconds` → `without-min-ready-seconds`. */
const armName = (name: GuaranteeName): string =>
  `without-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * One unprotected arm for each of these guarantees, which lacks only that one: `without-readiness`, `without-pre-stop`.
 * `expect` may depend on the guarantee.
 */
export const ablation = <Name extends GuaranteeName>(
  guarantees: readonly { readonly name: Name }[],
  {
    expect,
    ...arm
  }: Pick<ArmSpec, 'disruptions' | 'demands' | 'lab' | 'extra'> & {
    readonly expect: Expectation | ((without: Name) => Expectation);
  },
): { readonly [arm: string]: ArmSpec } =>
  Object.fromEntries(
    guarantees.map((guarantee) => [
      armName(guarantee.name),
      {
        role: 'unprotected',
        changes: [without(guarantee)],
        ...arm,
        expect: typeof expect === 'function' ? expect(guarantee.name) : expect,
      },
    ]),
  );
