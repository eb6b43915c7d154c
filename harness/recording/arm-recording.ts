import { isDeepStrictEqual } from 'node:util';
import type { ClockSample, EventSource, RecordedEvent, WorkloadEvent } from '../model/event.ts';
import type { RecordedClocks } from '../model/node-clock.ts';
import type { ArmPlan } from '../model/plan.ts';
import { UsageError } from '../model/usage-error.ts';
import { asUsage } from '../sys/files/as-usage.ts';
import { readText } from '../sys/files/read.ts';
import { ArmFolder } from './arm-folder.ts';
import { ClockOffsets, stampedSooner } from './clock-offsets.ts';
import { type ConntrackEvent, parseConntrackLine } from './conntrack.ts';
import type { DamageLog } from './damage.ts';
import { parseClockSample, parseEvent, parseWorkloadEvent } from './event-schema.ts';
import { limits } from './limits.ts';
import { parsePlainJson, UnfitJson } from './plain-json.ts';
import { armPlan } from './plan-schema.ts';
import { BadLine, readParsed, readRecords } from './read-lines.ts';
import { RequestsFile } from './requests.ts';
import { isOtherRule, parseRuleLine, type RuleLine } from './rules.ts';
import { armFiles, generatorOf, podOf } from './run-folder.ts';
import { changedSinceSeal } from './seal.ts';

/** What conntrack says of itself among the events (conntrack-tools, src/conntrack.c). */
const conntrackTotal = /^conntrack v\S+ .*: (\d+) flow events have been shown\.$/;
const conntrackOverrun = /^WARNING: We have hit ENOBUFS/;
const conntrackAdvice = /^(?:NOTICE: |This message means |Please, check --buffer-size)/;

/** One arm's folder, read as streams: nothing of it is held. Damage is collected on the way. */
export class ArmRecording {
  readonly folder: ArmFolder;
  readonly plan: ArmPlan;
  /** Whose first word is always recorded before traffic flows. */
  readonly watched: readonly EventSource[];
  /** Puts all moments on the harness's clock as they are read; knows where pods ran when the events were read. */
  readonly clocks: ClockOffsets;
  /** How often conntrack said that it lost events; known when its log was read. */
  conntrackOverruns = 0;
  /** Whether its run recorded the rules of the client's node: then they are lost where they are not there. */
  recordsRules = false;

  constructor(folder: ArmFolder, plan: ArmPlan, watched: readonly EventSource[], clocks = new ClockOffsets()) {
    this.folder = folder;
    this.clocks = clocks;
    this.plan = plan;
    this.watched = watched;
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
    const subjects = new Set<string>();
    let tooMany = false;
    return readRecords(this.folder, armFiles.events, (value) => {
      const event = parseEvent(value);
      if (!event) return undefined;
      if (subjects.size < limits.subjects) subjects.add(`${event.source} ${event.subject}`);
      if (subjects.has(`${event.source} ${event.subject}`)) return this.clocks.event(event);
      if (!tooMany) this.damage.add({ file: armFiles.events, what: `more than ${limits.subjects} subjects` });
      tooMany = true;
      return undefined;
    });
  }

  clock(): AsyncGenerator<readonly ClockSample[]> {
    return readRecords(this.folder, armFiles.clock, parseClockSample);
  }

  /** The pods' own logs, one after the other, each in its own order. */
  async *workload(): AsyncGenerator<readonly WorkloadEvent[]> {
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
  async *conntrack(): AsyncGenerator<readonly ConntrackEvent[]> {
    const file = armFiles.conntrack;
    let count = 0;
    let shown: number | undefined;
    const ahead = this.clocks.aheadOnGenerators;
    const batches = readParsed(this.folder, file, (line) => {
      const event = parseConntrackLine(line);
      if (event) return stampedSooner(event, ahead);
      const total = conntrackTotal.exec(line)?.[1];
      if (total !== undefined) shown = Number(total);
      else if (conntrackOverrun.test(line)) this.conntrackOverruns += 1;
      else if (!conntrackAdvice.test(line)) return new BadLine(line.slice(0, 200));
      return undefined;
    });
    for await (const events of batches) {
      count += events.length;
      yield events;
    }
    if (shown !== undefined && shown !== count)
      this.damage.add({ file, what: `${count} events, and conntrack wrote ${shown}` });
  }

  /** Rules of the client's node; none in recordings from before they were recorded, and if kube-proxy writes no iptables. */
  async *rules(): AsyncGenerator<readonly RuleLine[]> {
    const file = armFiles.rules;
    if (!this.recordsRules && !this.folder.list().some(({ name }) => name === file || name === `${file}.gz`)) return;
    const ahead = this.clocks.aheadOnGenerators;
    yield* readParsed<RuleLine>(this.folder, file, (line) => {
      const rule = parseRuleLine(line);
      if (rule) return stampedSooner(rule, ahead);
      return isOtherRule(line) ? undefined : new BadLine('no rule');
    });
  }

  /** Notes every file that is not what it was when the arm was sealed. An arm that was never sealed has nothing to say. */
  async checkSeal(): Promise<void> {
    for (const { file, what } of await changedSinceSeal(this.folder)) this.damage.add({ file, what });
  }
}

/**
 * Opens an arm's folder below its run's, `root`. Undefined if nothing was recorded; throws UsageError if its plan cannot be
 * read. `signal` ends all reading of it; `clocks` is what is known of the clocks that stamped it.
 */
export function openArm(
  root: string,
  path: string,
  signal?: AbortSignal,
  clocks?: RecordedClocks,
): ArmRecording | undefined {
  const folder = new ArmFolder(root, path, signal);
  const where = folder.pathOf(armFiles.plan);
  const text = readPlan(root, where, where);
  if (text === undefined) return undefined;
  let watched = always;
  const plan = parsePlan(text, where, (value) => {
    if (saysOfABudget(value)) watched = [...always, 'lease', 'api-server'];
    return armPlan.safeParse(value);
  });
  return new ArmRecording(folder, plan, watched, new ClockOffsets(clocks));
}

const always: readonly EventSource[] = ['pod', 'endpointslice', 'deployment', 'node', 'k8s-event'];

/** Leases and the API server are watched since plans say whether there is a disruption budget. */
const saysOfABudget = (plan: unknown): boolean =>
  (plan as { workload?: { budget?: unknown } } | null)?.workload?.budget !== undefined;

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
