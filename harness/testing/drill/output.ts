import { z } from 'zod';
import { checkKey } from '../../model/checks.ts';
import { exitCodes } from '../../model/verdict.ts';
import type { Attempt } from '../../sys/exec.ts';

const finding = z.looseObject({
  check: z.string(),
  of: z.string().exactOptional(),
  verdict: z.string(),
  skipped: z.boolean().exactOptional(),
  measured: z.string(),
});

const arm = z.looseObject({
  name: z.string(),
  verdict: z.string(),
  measured: z.string(),
  findings: z.array(finding),
});

const failure = z.looseObject({ code: z.string(), message: z.string() });

const outputs = z.discriminatedUnion('schema', [
  z.looseObject({
    schema: z.literal('holdfast.report/2'),
    sentence: z.string(),
    experiments: z.array(z.looseObject({ arms: z.array(arm) })),
    error: failure.exactOptional(),
  }),
  failure.extend({ schema: z.literal('holdfast.error/1') }),
  z.looseObject({ schema: z.literal('holdfast.cluster/1'), clean: z.boolean(), problems: z.array(z.string()) }),
  z.looseObject({ schema: z.literal('holdfast.heal/1'), undone: z.number() }),
  z.looseObject({
    schema: z.literal('holdfast.injection/1'),
    saw: z.string().exactOptional(),
    reason: z.string().exactOptional(),
  }),
]);

/** The output of a command with `--json`, with the fields that drills use. */
export type Output = z.infer<typeof outputs>;
export type OutputArm = z.infer<typeof arm>;

/** A command that has ended. */
export interface Done extends Attempt {
  /** Undefined if the command printed no known document, for example because it was killed. */
  readonly output: Output | undefined;
}

export const doneWith = (attempt: Attempt): Done => ({ ...attempt, output: outputOf(attempt.stdout) });

function outputOf(stdout: string): Output | undefined {
  try {
    return outputs.safeParse(JSON.parse(stdout)).data;
  } catch {
    return undefined;
  }
}

/** The arms of a report. Empty if a command printed something else. */
export const armsOf = ({ output }: Done): readonly OutputArm[] =>
  output?.schema === 'holdfast.report/2' ? output.experiments.flatMap(({ arms }) => arms) : [];

/** The code of the error that ended a command. Undefined if it ended without an error, or printed no code. */
export function errorCodeOf({ output }: Done): string | undefined {
  if (output?.schema === 'holdfast.error/1') return output.code;
  return output?.schema === 'holdfast.report/2' ? output.error?.code : undefined;
}

const landings = (done: Done) =>
  armsOf(done).flatMap(({ findings }) => findings.filter(({ check }) => check === 'fault-landed'));

/** Whether a fault was not injected because a probe found that this host does not support it. */
export const wasSkipped = (done: Done): boolean =>
  done.exitCode === exitCodes.inconclusive && landings(done).some(({ skipped }) => skipped);

/** The observations of the faults, on one line. */
export const landingsInWords = (done: Done): string =>
  landings(done)
    .map(({ measured }) => measured)
    .join('; ');

/** An arm and its findings that do not pass, on one line. */
export function armInWords({ name, verdict, measured, findings }: OutputArm): string {
  const why = findings.filter((each) => each.verdict !== 'pass').map((each) => `${checkKey(each)}: ${each.measured}`);
  return `${name}: ${[verdict, measured, ...why].join(', ')}`;
}

/** The result of a command and the reasons, on one line, for an error message of a drill. */
export function endInWords(done: Done): string {
  const { exitCode, endedBy, output, stderr } = done;
  const why =
    output?.schema === 'holdfast.report/2'
      ? [output.error?.message ?? '', output.sentence, ...armsOf(done).map(armInWords)]
      : output?.schema === 'holdfast.error/1'
        ? [output.message]
        : output?.schema === 'holdfast.cluster/1'
          ? output.problems
          : output?.schema === 'holdfast.injection/1'
            ? [output.saw ?? '', output.reason ?? '']
            : stderr.trim().split('\n').slice(-4);
  return [exitCode === undefined ? `ended by ${endedBy}` : `exit ${exitCode}`, ...why.filter(Boolean)]
    .join(' | ')
    .replaceAll('\n', ' ');
}
