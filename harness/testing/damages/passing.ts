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
  /** From before signs of life, leases, the API server and rules were recorded. */
  readonly older: boolean;
  readonly files: Files;
}

const arms = ['control', 'treatment', 'neither'] as const;

/** As it was before it was sealed. */
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

/** Its events as a recorder of today would have written them: damages know one shape alone. */
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

/** What the treatment that was made up must show of its rules, too. */
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

/** One of a real cluster and one that a simulator made. */
export const passingRuns: readonly PassingRun[] = [realRun, syntheticRun];

const folderOf = (arm: string) => `rolling-update/${arm}/`;

/** The files of one arm, by their paths in its folder. */
export function armOf({ files }: Pick<PassingRun, 'files'>, arm: string): Files {
  const own = Object.entries(files).filter(([path]) => path.startsWith(folderOf(arm)));
  return Object.fromEntries(own.map(([path, lines]) => [path.slice(folderOf(arm).length), lines]));
}

/** An edit of an arm, as one of its run. */
export const inArm =
  (arm: string, edit: Edit): Edit =>
  (files) => {
    const others = Object.entries(files).filter(([path]) => !path.startsWith(folderOf(arm)));
    const edited = Object.entries(edit(armOf({ files }, arm)));
    return Object.fromEntries([...others, ...edited.map(([path, lines]) => [folderOf(arm) + path, lines] as const)]);
  };
