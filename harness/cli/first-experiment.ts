import { join, relative, resolve } from 'node:path';
import { UsageError } from '../model/usage-error.ts';
import { asUsage } from '../sys/files/as-usage.ts';
import { listFolder, readText } from '../sys/files/read.ts';
import { readOwnFile } from '../sys/files/system.ts';
import { makeMissingFolder, writeWhole } from '../sys/files/write.ts';
import { checkoutDir, isPackage, ownPackageFile } from '../sys/paths.ts';

const name = 'first-experiment';

const experiment = `import {
  disruption,
  drain,
  experiment,
  loss,
  noLoss,
  readyEndpointsAtLeast,
  seconds,
  specimen,
  steadyTraffic,
} from 'holdfast';

/** One node is drained, of those that hold most replicas. \`describe fault drain\` says what else it can be told. */
const maintenance = disruption({
  id: 'drain',
  fault: drain({ nodes: { pick: 'most-replicas' } }),
  limitMs: seconds(120),
});

export default experiment({
  name: '${name}',
  title: 'A drain loses no request',
  question: 'A node is drained for maintenance. Does a preStop sleep keep every request from being lost?',
  claims: [],
  // The workload under test: holdfast's own HTTP server. Arms change its settings.
  workload: specimen({ replicas: 3, preStopSeconds: 5, startDelayMs: seconds(3) }),
  traffic: steadyTraffic({ freshPerSecond: 100, keptAlivePerSecond: 60 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(12), tailMs: seconds(6) },
  arms: {
    // Nothing is done: what the lab loses by itself.
    control: { role: 'control', says: 'no drain', workload: {}, disruptions: [], expect: noLoss() },
    // With the guarantee: nothing may be lost.
    treatment: {
      role: 'treatment',
      says: 'preStop sleep, budget minAvailable 2',
      workload: { budget: { minAvailable: 2 } },
      disruptions: [maintenance],
      expect: noLoss(),
      demands: [readyEndpointsAtLeast(2)],
    },
    // Without it the loss must show: otherwise this experiment could not have seen it.
    unprotected: {
      role: 'unprotected',
      says: 'no preStop sleep',
      workload: { budget: { minAvailable: 2 }, preStopSeconds: 0 },
      disruptions: [maintenance],
      expect: loss({ atLeast: 1, causes: ['terminated-still-routed', 'stale-conntrack'] }),
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

/**
 * Writes a first experiment into a folder, and a package.json and a tsconfig.json where there are none. Returns what it did,
 * and what to do next, for a person. Throws `UsageError` where the experiment is there already.
 */
export function writeFirstExperiment(folder: string): string {
  const root = resolve(folder);
  asUsage(folder, () => makeMissingFolder(root));
  const there = new Set(
    (asUsage(folder, () => listFolder(root, '', { maxEntries: mostEntries })) ?? []).map(({ name }) => name),
  );
  // Whatever a package.json says, an .mts file is a module.
  const file = `${name}${there.has('package.json') && !isModule(root) ? '.mts' : '.ts'}`;
  if (there.has(file)) throw new UsageError(`${join(folder, file)} is there already`);
  const files: readonly (readonly [name: string, text: string])[] = [
    [file, experiment],
    ['package.json', json({ private: true, type: 'module', devDependencies: { holdfast: ownSource(root) } })],
    ['tsconfig.json', json({ compilerOptions, include: ['*.ts', '*.mts'] })],
  ];
  const missing = files.filter(([each]) => !there.has(each));
  for (const [each, text] of missing) asUsage(folder, () => writeWhole(root, each, text, { mode: 0o644 }));
  const program = isPackage ? 'npx holdfast' : `${nearest(checkoutDir())}/holdfast`;
  const path = join(nearest(root), file);
  const shown = path.startsWith('/') || path.startsWith('.') ? path : `./${path}`;
  return [
    `Written: ${missing.map(([each]) => each).join(', ')}`,
    `What it would do:  ${program} plan ${shown}`,
    `Do it:             ${program} run ${shown}`,
    '',
  ].join('\n');
}

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
