import { isDeepStrictEqual } from 'node:util';
import type { ArmFile, Recordable } from '../model/arm-file.ts';
import type { ProxyMode } from '../model/cluster.ts';
import type { ClockSample, RecordedEvent, WorkloadEvent } from '../model/event.ts';
import type { ArmPlan, RunPlan } from '../model/plan.ts';
import { UsageError } from '../model/usage-error.ts';
import { asUsage } from '../sys/files/as-usage.ts';
import { readText } from '../sys/files/read.ts';
import { armFile } from './arm-file-schema.ts';
import { ArmFolder } from './arm-folder.ts';
import { ClockOffsets, stampedSooner } from './clock-offsets.ts';
import { type ConntrackEvent, parseConntrackLine } from './conntrack.ts';
import type { DamageLog } from './damage.ts';
import { parseClockSample, parseWorkloadEvent } from './event-schema.ts';
import { readEvents } from './events.ts';
import { limits } from './limits.ts';
import { parsePlainJson, UnfitJson } from './plain-json.ts';
import { BadLine, readParsed, readRecords } from './read-lines.ts';
import { RequestsFile } from './requests.ts';
import type { RuleLine } from './rule-line.ts';
import { parseRuleLine } from './rules.ts';
import { armFiles, generatorOf, podOf } from './run-folder.ts';
import { changedSinceSeal } from './seal.ts';
import { upgradeArm } from './upgrade/arm.ts';

/** What conntrack says of itself among the events (conntrack-tools, src/conntrack.c). */
const conntrackTotal = /^conntrack v\S+ .*: (\d+) flow events have been shown\.$/;
const conntrackOverrun = /^WARNING: We have hit ENOBUFS/;
const conntrackAdvice = /^(?:NOTICE: |This message means |Please, check --buffer-size)/;

/** One arm's folder, read as streams: nothing of it is held. Damage is collected on the way. */
export class ArmRecording {
  readonly folder: ArmFolder;
  /** What was planned of the arm, and what its recorder set out to record. */
  readonly file: ArmFile;
  /** Puts all moments on the harness's clock as they are read; knows where pods ran when the events were read. */
  readonly clocks: ClockOffsets;
  /** How often conntrack said that it lost events; known when its log was read. */
  conntrackOverruns = 0;

  constructor(folder: ArmFolder, file: ArmFile) {
    this.folder = folder;
    this.file = file;
    this.clocks = new ClockOffsets(file);
  }

  get plan(): ArmPlan {
    return this.file.plan;
  }

  /** In which mode kube-proxy wrote the rules that were recorded. */
  get proxyMode(): ProxyMode {
    return this.records('nftables-rules') ? 'nftables' : 'iptables';
  }

  /** Whether its recorder set out to record this: then it is lost if it is not there. */
  records(what: Recordable): boolean {
    return this.file.recorded.includes(what);
  }

  get damage(): DamageLog {
    return this.folder.damage;
  }

  /** Notes where the arm was not recorded under the plan that its run now has. */
  expectPlan(plan: ArmPlan): void {
    if (!isDeepStrictEqual(plan, this.plan)) this.damage.add({ file: armFiles.plan, what: 'differs from plan.json' });
  }

  /** A file for each generator that the folder holds. */
  requests(): readonly RequestsFile[] {
    const gens = new Set(this.folder.list().flatMap(({ name }) => generatorOf(name) ?? []));
    if (gens.size > limits.generators)
      this.damage.add({ file: '.', what: `requests of more than ${limits.generators} generators` });
    return [...gens]
      .slice(0, limits.generators)
      .map((gen) => new RequestsFile(this.folder, gen, this.clocks.aheadOnGenerators));
  }

  events(): AsyncGenerator<readonly RecordedEvent[]> {
    return readEvents(this.folder, this.clocks);
  }

  clock(): AsyncGenerator<Iterable<ClockSample>> {
    return readRecords(this.folder, armFiles.clock, parseClockSample);
  }

  /** The pods' own logs, one after the other, each in its own order. */
  async *workload(): AsyncGenerator<Iterable<WorkloadEvent>> {
    const pods = new Set(this.folder.list(armFiles.workload).flatMap(({ name }) => podOf(name) ?? []));
    if (pods.size === 0) this.damage.add({ file: armFiles.workload, what: 'no pod left a log' });
    for (const pod of pods) {
      const ahead = this.clocks.aheadOf(pod);
      // A pod writes its own file only: what it says of another is not believed.
      yield* readRecords(this.folder, `${armFiles.workload}/${pod}.ndjson`, (value) => {
        const event = parseWorkloadEvent(value);
        return event?.pod === pod ? stampedSooner(event, ahead) : undefined;
      });
    }
  }

  /** If conntrack's closing words are recorded, they say how many events it wrote. */
  async *conntrack(): AsyncGenerator<Iterable<ConntrackEvent>> {
    const file = armFiles.conntrack;
    let count = 0;
    let shown: number | undefined;
    const ahead = this.clocks.aheadOnGenerators;
    const batches = readParsed(this.folder, file, (line) => {
      const event = parseConntrackLine(line);
      if (event) {
        count += 1;
        return stampedSooner(event, ahead);
      }
      const total = conntrackTotal.exec(line)?.[1];
      if (total !== undefined) shown = Number(total);
      else if (conntrackOverrun.test(line)) this.conntrackOverruns += 1;
      else if (!conntrackAdvice.test(line)) return new BadLine(line.slice(0, 200));
      return undefined;
    });
    yield* batches;
    if (shown !== undefined && shown !== count)
      this.damage.add({ file, what: `${count} events, and conntrack wrote ${shown}` });
  }

  /** Rules of the client's node; none in recordings from before they were recorded. */
  async *rules(): AsyncGenerator<Iterable<RuleLine>> {
    const file = armFiles.rules;
    const recorded = this.records('iptables-rules') || this.records('nftables-rules');
    if (!recorded && !this.folder.list().some(({ name }) => name === file || name === `${file}.gz`)) return;
    const ahead = this.clocks.aheadOnGenerators;
    yield* readParsed<RuleLine>(this.folder, file, (line) => {
      const rule = parseRuleLine(line, this.proxyMode) ?? new BadLine('no rule');
      if (rule instanceof BadLine) return rule;
      return rule === 'other' ? undefined : stampedSooner(rule, ahead);
    });
  }

  /** Notes every file that is not what it was when the arm was sealed. An arm that was never sealed has nothing to say. */
  async checkSeal(): Promise<void> {
    for (const { file, what } of await changedSinceSeal(this.folder)) this.damage.add({ file, what });
  }
}

export interface OpenOptions {
  /** Ends all reading of the arm. */
  readonly signal?: AbortSignal | undefined;
  /** The plan of its run, if it is read as part of one. */
  readonly run?: RunPlan | undefined;
}

/**
 * Opens an arm's folder below its run's, `root`. Undefined if nothing was recorded; throws UsageError if its plan cannot be
 * read.
 */
export function openArm(root: string, path: string, { signal, run }: OpenOptions = {}): ArmRecording | undefined {
  const folder = new ArmFolder(root, path, signal);
  const where = folder.pathOf(armFiles.plan);
  const text = readPlan(root, where, where);
  if (text === undefined) return undefined;
  const file = parsePlan(text, where, (value) => {
    refuseOtherSchema(value, 'holdfast.arm/2', where);
    return armFile.safeParse(upgradeArm(value, run));
  });
  return new ArmRecording(folder, file);
}

/** Throws UsageError if a file names another schema than the one that is read. */
export function refuseOtherSchema(value: unknown, schema: string, where: string): void {
  const named = (value as { schema?: unknown } | null)?.schema;
  if (typeof named === 'string' && named !== schema)
    throw new UsageError(`${where} holds ${named}, and this holdfast reads ${schema}: use the one that wrote it`);
}

/** Reads a plan whole. Undefined if there is none; throws UsageError, which says `where` it is, if it cannot be read. */
export const readPlan = (root: string, path: string, where: string): string | undefined =>
  asUsage(where, () => readText(root, path, { maxBytes: limits.plan }));

type Parsed<Value> =
  | { readonly success: true; readonly data: Value }
  | {
      readonly success: false;
      readonly error: { readonly issues: readonly { readonly path: PropertyKey[]; readonly message: string }[] };
    };

/** Parses a plan or findings, or says in one sentence what is wrong with it and where. */
export function parsePlan<Value>(text: string, where: string, parse: (value: unknown) => Parsed<Value>): Value {
  let value: unknown;
  try {
    value = parsePlainJson(text);
  } catch (error) {
    throw new UsageError(
      error instanceof UnfitJson
        ? `${where}: ${error.message}`
        : `${where} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const parsed = parse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${where}: ${issue?.path.map(String).join('.') || 'plan'}: ${issue?.message ?? 'cannot be read'}`,
  );
}
