import { join, relative, resolve } from 'node:path';
import { isPackage, ownCommand } from '../model/own-command.ts';
import { quoted } from '../model/quoted.ts';
import { UsageError } from '../model/usage-error.ts';
import { asUsage } from '../sys/files/as-usage.ts';
import { listFolder, readText } from '../sys/files/read.ts';
import { readOwnFile } from '../sys/files/system.ts';
import { makeMissingFolder, writeWhole } from '../sys/files/write.ts';
import { checkoutDir, ownPackageFile } from '../sys/paths.ts';

const name = 'first-experiment';

const experiment = `import {
  disruption,
  experiment,
  having,
  loss,
  noLoss,
  preStop,
  readiness,
  readyEndpointsAtLeast,
  replicas,
  rollout,
  seconds,
  specimen,
  steadyTraffic,
  without,
} from 'holdfast';

/** Replaces every pod by one of a new version. See \`list faults\` and \`describe fault rollout\` for others. */
const update = disruption({ id: 'update', fault: rollout(), limitMs: seconds(120) });

export default experiment({
  name: '${name}',
  title: 'A rolling update loses no request',
  question: 'A new version replaces every pod. Does a readiness probe keep requests from pods that do not listen yet?',
  // The workload under test: an HTTP server that holdfast brings along. It listens 3 s after it starts.
  workload: specimen({ startDelayMs: seconds(3) }, having(replicas, 3), having(preStop, { sleep: 5 })),
  traffic: steadyTraffic({ freshPerSecond: 100, keptAlivePerSecond: 60 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(12), tailMs: seconds(6) },
  // Each arm runs the same workload. Its \`changes\` are how it differs.
  arms: {
    // No fault: this arm measures the noise of the lab.
    control: { role: 'control', disruptions: [], expect: noLoss() },
    // The fault with the protection: no request may fail.
    treatment: {
      role: 'treatment',
      disruptions: [update],
      expect: noLoss(),
      demands: [readyEndpointsAtLeast(2)],
    },
    // The fault without the protection: requests must fail. Otherwise the experiment cannot detect the problem.
    unprotected: {
      role: 'unprotected',
      changes: [without(readiness)],
      disruptions: [update],
      expect: loss({ atLeast: 10, causes: ['not-listening-yet'] }),
    },
  },
});
`;

const compilerOptions = {
  target: 'es2024',
  module: 'nodenext',
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
};

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const mostEntries = 10_000;
const maxBytes = 1_000_000;

/** What was written into a folder, and the commands that use it. */
interface FirstExperiment {
  readonly folder: string;
  /** Names of files. */
  readonly written: readonly string[];
  readonly planCommand: string;
  readonly runCommand: string;
}

/**
 * Writes a first experiment into a folder, and a package.json and a tsconfig.json if they do not exist. Throws `UsageError`
 * if the experiment exists already.
 */
export function writeFirstExperiment(folder: string): FirstExperiment {
  const root = resolve(folder);
  asUsage(folder, () => makeMissingFolder(root));
  const there = new Set(
    (asUsage(folder, () => listFolder(root, '', { maxEntries: mostEntries })) ?? []).map(({ name }) => name),
  );
  // Whatever a package.json says, an .mts file is a module.
  const file = `${name}${there.has('package.json') && !isModule(root) ? '.mts' : '.ts'}`;
  if (there.has(file)) throw new UsageError(`${join(folder, file)} exists already`);
  const files: readonly (readonly [name: string, text: string])[] = [
    [file, experiment],
    ['package.json', json({ private: true, type: 'module', devDependencies: { holdfast: ownSource(root) } })],
    ['tsconfig.json', json({ compilerOptions, include: ['*.ts', '*.mts'] })],
  ];
  const missing = files.filter(([each]) => !there.has(each));
  for (const [each, text] of missing) asUsage(folder, () => writeWhole(root, each, text, { mode: 0o644 }));
  const program = isPackage ? ownCommand : quoted(`${nearest(checkoutDir())}/holdfast`);
  const path = join(nearest(root), file);
  const shown = quoted(path.startsWith('/') || path.startsWith('.') ? path : `./${path}`);
  return {
    folder: root,
    written: missing.map(([each]) => each),
    planCommand: `${program} plan ${shown}`,
    runCommand: `${program} run ${shown}`,
  };
}

/** What was written, and what to do next. */
export const firstExperimentText = ({ written, planCommand, runCommand }: FirstExperiment): string =>
  `Written: ${written.join(', ')}\nPrint the plan:  ${planCommand}\nRun it:          ${runCommand}\n`;

/** A path as a person would type it here. */
const nearest = (path: string): string => {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near || '.';
};

function isModule(root: string): boolean {
  try {
    return JSON.parse(readText(root, 'package.json', { maxBytes }) ?? '{}').type === 'module';
  } catch {
    return false;
  }
}

/** What package.json asks npm for: this version, or this checkout, whose types are there after `npm run build`. */
function ownSource(root: string): string {
  if (!isPackage) return `file:${relative(root, checkoutDir())}`;
  return (JSON.parse(readOwnFile(ownPackageFile())) as { version: string }).version;
}
