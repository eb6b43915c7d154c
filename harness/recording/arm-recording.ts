import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ClockSample, EventSource, RecordedEvent, WorkloadEvent } from '../model/event.ts';
import type { ArmPlan } from '../model/plan.ts';
import { UsageError } from '../model/usage-error.ts';
import { type ConntrackEvent, parseConntrackLine } from './conntrack.ts';
import { DamageLog } from './damage.ts';
import { parseClockSample, parseEvent, parseWorkloadEvent } from './event-schema.ts';
import { listFolder, readEvidence } from './evidence-file.ts';
import { armPlan } from './plan-schema.ts';
import { readLines, readRecords } from './read-lines.ts';
import { RequestsFile } from './requests.ts';
import { isOtherRule, parseRuleLine, type RuleLine } from './rules.ts';
import { armFiles, generatorOf, podOf } from './run-folder.ts';
import { changedSinceSeal } from './seal.ts';

const capPlanBytes = 16 * 1024 ** 2;
const capFiles = 10_000;

/** What conntrack says of itself among the events (conntrack-tools, src/conntrack.c). */
const conntrackTotal = /^conntrack v\S+ .*: (\d+) flow events have been shown\.$/;
const conntrackOverrun = /^WARNING: We have hit ENOBUFS/;
const conntrackAdvice = /^(?:NOTICE: |This message means |Please, check --buffer-size)/;

/** One arm's folder, read as streams: nothing of it is held. Damage is collected on the way. */
export class ArmRecording {
  readonly folder: string;
  readonly plan: ArmPlan;
  /** Whose first word is always recorded before traffic flows. */
  readonly watched: readonly EventSource[];
  readonly damage = new DamageLog();
  /** How often conntrack said that it lost events; known when its log was read. */
  conntrackOverruns = 0;
  /** Whether its run recorded the rules of the client's node: then they are lost where they are not there. */
  recordsRules = false;

  constructor(folder: string, plan: ArmPlan, watched: readonly EventSource[]) {
    this.folder = folder;
    this.plan = plan;
    this.watched = watched;
  }

  /** Notes where the arm was not recorded under the plan that its run now has. */
  expectPlan(plan: ArmPlan): void {
    if (!isDeepStrictEqual(plan, this.plan)) this.damage.add({ file: armFiles.plan, what: 'differs from plan.json' });
  }

  /** A file for each generator that the folder holds. */
  async requests(): Promise<RequestsFile[]> {
    const gens = new Set((await listFolder(this.folder)).map(generatorOf).filter((gen) => gen !== undefined));
    return [...gens].map((gen) => new RequestsFile(this.folder, gen, this.damage));
  }

  events(): AsyncGenerator<readonly RecordedEvent[]> {
    return readRecords(this.folder, armFiles.events, this.damage, parseEvent);
  }

  clock(): AsyncGenerator<readonly ClockSample[]> {
    return readRecords(this.folder, armFiles.clock, this.damage, parseClockSample);
  }

  /** The pods' own logs, one after the other, each in its own order. */
  async *workload(): AsyncGenerator<readonly WorkloadEvent[]> {
    const folder = join(this.folder, armFiles.workload);
    const names = await listFolder(folder);
    const pods = [...new Set(names.map(podOf).filter((pod) => pod !== undefined))];
    if (pods.length === 0) this.damage.add({ file: armFiles.workload, what: 'no pod left a log' });
    if (pods.length > capFiles) this.damage.add({ file: armFiles.workload, what: `more than ${capFiles} logs` });
    for (const pod of pods.slice(0, capFiles)) {
      // A pod writes its own file only: what it says of another is not believed.
      yield* readRecords(this.folder, `${armFiles.workload}/${pod}.ndjson`, this.damage, (value) => {
        const event = parseWorkloadEvent(value);
        return event?.pod === pod ? event : undefined;
      });
    }
  }

  /** Where conntrack's closing words are recorded, they say how many events it wrote. */
  async *conntrack(): AsyncGenerator<readonly ConntrackEvent[]> {
    const file = armFiles.conntrack;
    let count = 0;
    let shown: number | undefined;
    for await (const { first, lines } of readLines(this.folder, file, this.damage)) {
      const events: ConntrackEvent[] = [];
      for (const [index, line] of lines.entries()) {
        const event = parseConntrackLine(line);
        const total = conntrackTotal.exec(line)?.[1];
        if (event) events.push(event);
        else if (total !== undefined) shown = Number(total);
        else if (conntrackOverrun.test(line)) this.conntrackOverruns += 1;
        else if (!conntrackAdvice.test(line)) this.damage.add({ file, line: first + index, what: line.slice(0, 200) });
      }
      count += events.length;
      yield events;
    }
    if (shown !== undefined && shown !== count)
      this.damage.add({ file, what: `${count} events, and conntrack wrote ${shown}` });
  }

  /** Rules of the client's node; none in recordings from before they were recorded, and where kube-proxy writes no iptables. */
  async *rules(): AsyncGenerator<readonly RuleLine[]> {
    const file = armFiles.rules;
    const there = await listFolder(this.folder);
    if (!this.recordsRules && !there.some((name) => name === file || name === `${file}.gz`)) return;
    for await (const { first, lines } of readLines(this.folder, file, this.damage)) {
      const rules: RuleLine[] = [];
      for (const [index, line] of lines.entries()) {
        const rule = parseRuleLine(line);
        if (rule) rules.push(rule);
        else if (!isOtherRule(line)) this.damage.add({ file, line: first + index, what: 'no rule' });
      }
      yield rules;
    }
  }

  /** Notes every file that is not what it was when the arm was sealed. An arm that was never sealed has nothing to say. */
  async checkSeal(): Promise<void> {
    for (const { file, what } of await changedSinceSeal(this.folder)) this.damage.add({ file, what });
  }
}

/** Opens an arm's folder. Undefined where nothing was recorded; throws UsageError where its plan cannot be read. */
export async function openArm(folder: string): Promise<ArmRecording | undefined> {
  if ((await listFolder(folder)).length === 0) return undefined;
  const text = await readEvidence(join(folder, armFiles.plan), capPlanBytes);
  if (text === undefined) return undefined;
  const where = join(basename(folder), armFiles.plan);
  let watched = always;
  const plan = parsePlan(text, where, (value) => {
    if (saysOfABudget(value)) watched = [...always, 'lease', 'api-server'];
    return armPlan.safeParse(value);
  });
  return new ArmRecording(folder, plan, watched);
}

const always: readonly EventSource[] = ['pod', 'endpointslice', 'deployment', 'node', 'k8s-event'];

/** Leases and the API server are watched since plans say whether there is a disruption budget. */
const saysOfABudget = (plan: unknown): boolean =>
  (plan as { workload?: { budget?: unknown } } | null)?.workload?.budget !== undefined;

type Parsed<Value> =
  | { readonly success: true; readonly data: Value }
  | {
      readonly success: false;
      readonly error: { readonly issues: readonly { readonly path: PropertyKey[]; readonly message: string }[] };
    };

/** Reads a plan, or says in one sentence what is wrong with it and where. */
export function parsePlan<Value>(text: string, where: string, parse: (value: unknown) => Parsed<Value>): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = parse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${where}: ${issue?.path.map(String).join('.') || 'plan'}: ${issue?.message ?? 'cannot be read'}`,
  );
}
