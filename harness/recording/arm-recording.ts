import { isDeepStrictEqual } from 'node:util';
import type { ArmFile, Recordable } from '../model/arm-file.ts';
import type { ProxyMode } from '../model/cluster.ts';
import type { ClockSample, RecordedEvent, WorkloadEvent } from '../model/event.ts';
import type { ArmPlan, RunPlan } from '../model/plan.ts';
import { printable } from '../model/printable.ts';
import { reason } from '../model/reason.ts';
import type { Micros } from '../model/units.ts';
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
import { schemaInWords } from './schema-name.ts';
import { changedSinceSeal } from './seal.ts';
import { readableArms, upgradeArm } from './upgrade/arm.ts';
import type { Identities } from './upgrade/identities.ts';

/** Messages of conntrack among the events (conntrack-tools, src/conntrack.c). */
const conntrackTotal = /^conntrack v\S+ .*: (\d+) flow events have been shown\.$/;
const conntrackOverrun = /^WARNING: We have hit ENOBUFS/;
/** More reports are not kept, because the judge compares each with many requests. */
const mostOverruns = 1000;
const conntrackAdvice = /^(?:NOTICE: |This message means |Please, check --buffer-size)/;

/**
 * The recording of an arm. Its files are read as streams and are not kept in memory. Damage is collected while they are
 * read.
 */
export class ArmRecording {
  readonly folder: ArmFolder;
  /** The plan of the arm, and the kinds of evidence that its recorder collected. */
  readonly file: ArmFile;
  /**
   * Converts all times to the clock of the harness while they are read. Knows the nodes of the pods after the events
   * were read.
   */
  readonly clocks: ClockOffsets;
  /**
   * The time of the last event before each report of conntrack that it lost events, for the first 1,000 reports. Known
   * after its log was read.
   */
  readonly conntrackOverruns: Micros[] = [];

  constructor(folder: ArmFolder, file: ArmFile) {
    this.folder = folder;
    this.file = file;
    this.clocks = new ClockOffsets(file);
  }

  get plan(): ArmPlan {
    return this.file.plan;
  }

  /** The mode of kube-proxy in which the recorded rules were written. */
  get proxyMode(): ProxyMode {
    return this.records('nftables-rules') ? 'nftables' : 'iptables';
  }

  /** Whether the recorder collected this kind of evidence. If it is missing, it was lost. */
  records(what: Recordable): boolean {
    return this.file.recorded.includes(what);
  }

  get damage(): DamageLog {
    return this.folder.damage;
  }

  /** Adds damage if the plan of the arm differs from the plan of its run. */
  expectPlan(plan: ArmPlan): void {
    if (!isDeepStrictEqual(plan, this.plan)) this.damage.add({ file: armFiles.plan, what: 'differs from plan.json' });
  }

  /** The requests files of all generators. */
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

  /** The logs of the pods, one after another, each in its own order. */
  async *workload(): AsyncGenerator<Iterable<WorkloadEvent>> {
    const pods = new Set(this.folder.list(armFiles.workload).flatMap(({ name }) => podOf(name) ?? []));
    if (pods.size === 0) this.damage.add({ file: armFiles.workload, what: 'no pod left a log' });
    for (const pod of pods) {
      const ahead = this.clocks.aheadOf(pod);
      // A pod writes only its own file. Lines about another pod are rejected.
      yield* readRecords(this.folder, `${armFiles.workload}/${pod}.ndjson`, (value) => {
        const event = parseWorkloadEvent(value);
        return event?.pod === pod ? stampedSooner(event, ahead) : undefined;
      });
    }
  }

  /** The events of conntrack. If its last message was recorded, it says how many events it wrote. */
  async *conntrack(): AsyncGenerator<Iterable<ConntrackEvent>> {
    const file = armFiles.conntrack;
    let count = 0;
    let shown: number | undefined;
    let last: Micros = 0;
    const ahead = this.clocks.aheadOnGenerators;
    const batches = readParsed(this.folder, file, (line) => {
      const event = parseConntrackLine(line);
      if (event) {
        count += 1;
        const stamped = stampedSooner(event, ahead);
        last = stamped.at;
        return stamped;
      }
      const total = conntrackTotal.exec(line)?.[1];
      if (total !== undefined) shown = Number(total);
      else if (conntrackOverrun.test(line)) {
        if (this.conntrackOverruns.length < mostOverruns) this.conntrackOverruns.push(last);
      } else if (!conntrackAdvice.test(line)) return new BadLine(line.slice(0, 200));
      return undefined;
    });
    yield* batches;
    if (shown !== undefined && shown !== count)
      this.damage.add({ file, what: `${count} events were read, but conntrack wrote ${shown}` });
  }

  /** The rules on the node of the client; none in old recordings. */
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

  /** Adds damage for every file that changed since the arm was sealed. An arm that was never sealed has none. */
  async checkSeal(): Promise<void> {
    for (const { file, what } of await changedSinceSeal(this.folder)) this.damage.add({ file, what });
  }
}

export interface OpenOptions {
  /** Aborts all reading of the arm. */
  readonly signal?: AbortSignal | undefined;
  /** The plan of the run, if the arm is read as part of one. */
  readonly run?: RunPlan | undefined;
  /** The identities of its experiments. */
  readonly identities?: Identities | undefined;
}

/**
 * Opens the folder of an arm at `path` below `root`, the folder of its run. Undefined if nothing was recorded. Throws
 * UsageError if its plan cannot be read.
 */
export function openArm(root: string, path: string, options: OpenOptions = {}): ArmRecording | undefined {
  const folder = new ArmFolder(root, path, options.signal);
  const where = folder.pathOf(armFiles.plan);
  const text = readPlan(root, where, where);
  if (text === undefined) return undefined;
  const file = parsePlan(text, where, (value) => {
    refuseOtherSchema(value, readableArms, where);
    return armFile.safeParse(upgradeArm(value, options));
  });
  return new ArmRecording(folder, file);
}

/** Throws UsageError if a file has a schema that is not one of `readable`, the newest first. */
export function refuseOtherSchema(value: unknown, readable: readonly string[], where: string): void {
  const named = (value as { schema?: unknown } | null)?.schema;
  if (typeof named === 'string' && !readable.includes(named))
    throw new UsageError(
      `${where} has the schema ${schemaInWords(named)}, but this version of holdfast reads up to ${readable[0]}. Use the version that wrote it`,
    );
}

/** Reads the text of a plan. Undefined if there is none. Throws UsageError with `where` if it cannot be read. */
export const readPlan = (root: string, path: string, where: string): string | undefined =>
  asUsage(where, () => readText(root, path, { maxBytes: limits.plan }));

type Parsed<Value> =
  | { readonly success: true; readonly data: Value }
  | {
      readonly success: false;
      readonly error: { readonly issues: readonly { readonly path: PropertyKey[]; readonly message: string }[] };
    };

/**
 * Parses a plan or findings. Throws UsageError with the place and the first problem, on one line: both may quote text of
 * the file.
 */
export function parsePlan<Value>(text: string, where: string, parse: (value: unknown) => Parsed<Value>): Value {
  let value: unknown;
  try {
    value = parsePlainJson(text);
  } catch (error) {
    throw new UsageError(
      error instanceof UnfitJson ? `${where}: ${error.message}` : `${where} is not JSON: ${printable(reason(error))}`,
    );
  }
  const parsed = parse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const words = `${issue?.path.map(String).join('.') || 'plan'}: ${issue?.message ?? 'cannot be read'}`;
  throw new UsageError(`${where}: ${printable(words)}`);
}
