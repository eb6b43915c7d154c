import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { eventsSchema } from '../../model/event.ts';
import { parseEvent } from '../../recording/event-schema.ts';
import { PodUids, upgradeEvent } from '../../recording/upgrade/events.ts';
import type { Files } from '../worlds/files.ts';
import { armSettings, runFiles, syntheticArm } from '../worlds/run-files.ts';
import type { Edit } from './edit.ts';

/** A run that passes. Its arms are `control`, `treatment` and `neither`, below `rolling-update`. */
export interface PassingRun {
  readonly what: string;
  /** Whether the run was recorded before signs of life, leases, the API server and rules were recorded. */
  readonly older: boolean;
  readonly files: Files;
}

const arms = ['control', 'treatment', 'neither'] as const;

/** The files of a golden recording, as before it was sealed. */
function unsealed(folder: string): Files {
  const files: Files = {};
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(gz|json)$/.test(path) || path === 'expected.json') continue;
    const bytes = readFileSync(join(folder, path));
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const lines = text.replace(/\n$/, '').split('\n');
    files[path.replace(/\.gz$/, '')] = /events\.ndjson/.test(path) ? upgraded(lines) : lines;
  }
  return files;
}

/** Converts events to the current format, which is the only one that damages support. */
function upgraded(lines: readonly string[]): string[] {
  const uids = new PodUids();
  const events = uids.next(lines.flatMap((line) => parseEvent(upgradeEvent(JSON.parse(line))) ?? []));
  return [{ schema: eventsSchema }, ...events, ...uids.end()].map((each) => JSON.stringify(each));
}

function onlyOurArms(files: Files): Files {
  const plan = JSON.parse(files['plan.json']?.join('\n') ?? '');
  const [experiment] = plan.experiments;
  experiment.arms = experiment.arms.filter(({ name }: { name: string }) => arms.some((arm) => arm === name));
  const kept = Object.entries(files).filter(([path]) => arms.some((arm) => path.split('/')[1] === arm));
  return { ...Object.fromEntries(kept), 'plan.json': [JSON.stringify(plan)] };
}

/** A demand about rules, for the treatment of the synthetic run. */
export const closeDemand = { kind: 'margin', of: 'close', atLeastMs: 500 } as const;

const madeUp = (name: (typeof arms)[number]) =>
  syntheticArm(name, armSettings[name], { seed: 9, demands: name === 'treatment' ? [closeDemand] : [] });

export const realRun: PassingRun = {
  what: 'a real run',
  older: true,
  files: onlyOurArms(unsealed(join(import.meta.dirname, '..', 'golden', 'rolling-update-pass'))),
};

export const syntheticRun: PassingRun = {
  what: 'a synthetic run',
  older: false,
  files: runFiles(arms.map(madeUp)),
};

/** A run on a real cluster, and a simulated run. */
export const passingRuns: readonly PassingRun[] = [realRun, syntheticRun];

const folderOf = (arm: string) => `rolling-update/${arm}/`;

/** The files of one arm, by their paths in the arm's folder. */
export function armOf({ files }: Pick<PassingRun, 'files'>, arm: string): Files {
  const own = Object.entries(files).filter(([path]) => path.startsWith(folderOf(arm)));
  return Object.fromEntries(own.map(([path, lines]) => [path.slice(folderOf(arm).length), lines]));
}

/** Applies an edit of an arm to one arm of a run. */
export const inArm =
  (arm: string, edit: Edit): Edit =>
  (files) => {
    const others = Object.entries(files).filter(([path]) => !path.startsWith(folderOf(arm)));
    const edited = Object.entries(edit(armOf({ files }, arm)));
    return Object.fromEntries([...others, ...edited.map(([path, lines]) => [folderOf(arm) + path, lines] as const)]);
  };
