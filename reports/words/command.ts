import { proxyModes } from '../../harness/model/cluster.ts';
import { ownCommand, ownCommandWords } from '../../harness/model/own-command.ts';
import { armOf, type RunPlan } from '../../harness/model/plan.ts';
import { quoted } from '../../harness/model/quoted.ts';

/** Whether text may be an argument of a command that a user is told to run. A recording may come from an attacker. */
const isName = (text: string): boolean => /^[A-Za-z0-9][\w.-]{0,199}$/.test(text);
const isSetting = ([key, value]: readonly [string, string]): boolean =>
  isName(key) && /^[A-Za-z0-9][\w.:%-]{0,99}$/.test(value);
const release = /^v?(\d{1,3}\.\d{1,3})(?![\d])/;

const percentFlag = (share: number): string => `${Number((share * 100).toFixed(4))}%`;

/**
 * The command that repeats the run with the same seed, as arguments. It is built from the plan’s names, seed and
 * settings. Of the recorded command line only the presence of our own flags is used, never its text. Undefined if a
 * name is not a plain name, if the run is not a run of experiments, or if a file with experiments was named.
 */
export function repeatCommand(plan: RunPlan): string[] | undefined {
  const names = plan.experiments.map(({ name }) => name);
  const arms = [...new Set(plan.experiments.flatMap((experiment) => experiment.arms.map(armOf)))];
  const settings = Object.entries(plan.settings);
  if (names.length === 0 || names.includes('inject')) return undefined;
  // An experiment that is not part of holdfast has no name that `run` knows.
  if (plan.command.some((argument) => /\.[cm]?[jt]s$/.test(argument))) return undefined;
  if (![...names, ...arms, plan.seed].every(isName) || !settings.every(isSetting)) return undefined;
  const typed = (flag: string) => plan.command.some((argument) => argument === flag || argument.startsWith(`${flag}=`));
  const [, kubernetes] = release.exec(plan.lab.kubernetes) ?? [];
  const timings = ['fast', 'defaults'].find((each) => each === plan.lab.nodeTimings);
  const proxyMode = proxyModes.find((each) => each === plan.lab.proxyMode);
  return [
    ...ownCommandWords,
    'run',
    ...names,
    ...(typed('--arm') ? arms.flatMap((arm) => ['--arm', arm]) : []),
    ...(typed('--all-arms') ? ['--all-arms'] : []),
    '--seed',
    plan.seed,
    ...repeats(plan, typed('--repeat')),
    ...settings.flatMap(([key, value]) => ['--set', `${key}=${value}`]),
    ...(typed('--deadline') ? ['--deadline', `${Math.round(plan.deadlineMs / 1000)}s`] : []),
    ...(typed('--kubernetes') && kubernetes ? ['--kubernetes', kubernetes] : []),
    ...(typed('--node-timings') && timings ? ['--node-timings', timings] : []),
    ...(typed('--proxy-mode') && proxyMode ? ['--proxy-mode', proxyMode] : []),
    ...(typed('--image') ? ['--image', plan.lab.imageSource === 'stock' ? 'stock' : 'built'] : []),
  ];
}

/** The flags for the planned number of runs and the claim. */
function repeats({ experiments }: RunPlan, typed: boolean): string[] {
  const until = experiments.find((experiment) => experiment.until)?.until;
  const planned = experiments.flatMap(({ arms }) =>
    arms.map((arm) => arms.filter((other) => armOf(other) === armOf(arm)).length),
  );
  const most = Math.max(1, ...planned);
  return [
    ...(typed && most > 1 ? ['--repeat', String(most)] : []),
    ...(until ? ['--until', `${percentFlag(until.confidence)}:${percentFlag(until.share)}`] : []),
  ];
}

/** The same as a line for a shell. */
export const runAgain = (plan: RunPlan): string | undefined => repeatCommand(plan)?.map(quoted).join(' ');

/** A recorded run: its id, and the path that the user typed if it is not in the default folder of runs. */
export interface NamedRun {
  readonly run: string;
  readonly typed?: string | undefined;
}

const ofRun = (command: string, { run, typed }: NamedRun): string | undefined => {
  if (typed !== undefined) return `${command} ${quoted(typed)}`;
  return isName(run) ? `${command} ${run}` : undefined;
};

export const judgeAgain = (run: NamedRun): string | undefined => ofRun(`${ownCommand} judge`, run);

/**
 * Prints the failed requests with their causes, of all arms or of one. Undefined if a recorded name is not a plain
 * name.
 */
export const printFailed = (run: NamedRun, arm = ''): string | undefined =>
  ofArm(ofRun(`${ownCommand} requests --failed`, run), arm);

/** Prints the requests of all arms or of one. Undefined if a recorded name is not a plain name. */
export const printRequests = (run: NamedRun, arm = ''): string | undefined =>
  ofArm(ofRun(`${ownCommand} requests`, run), arm);

const ofArm = (command: string | undefined, arm: string): string | undefined =>
  arm === '' || command === undefined ? command : isName(arm) ? `${command} --arm ${arm}` : undefined;

/** The folder of an arm’s recording, relative to the checkout if runs are kept there. */
export const armFolder = (plan: RunPlan, experiment: string, arm: string): string =>
  `runs/${plan.run}/${experiment}/${arm}/`;
