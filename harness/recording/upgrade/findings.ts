import { type CheckId, type CheckWords, checks, isCheckId } from '../../model/checks.ts';
import { demandKey } from '../../model/demand-key.ts';
import type { Demand } from '../../model/experiment.ts';
import { type Fields, isObject } from './object.ts';
import { upgradeRunPlan } from './plan.ts';

const newest = 'holdfast.findings/3';
const named = 'holdfast.findings/2';

/** The schemas of findings that this version reads. */
export const readableFindings: readonly string[] = [newest, named];

/** Upgrades findings to the current schema, with all fields of current plans. Anything else is returned unchanged. */
export function upgradeFindings(value: unknown): unknown {
  if (!isObject(value)) return value;
  const findings = { ...value, plan: upgradeRunPlan(value.plan) };
  return withRevisions(value.schema === named ? withIds(findings) : findings);
}

/** Demands and pods of earlier findings have versions and no revisions. */
const withRevisions = (findings: Fields): Fields => ({
  ...findings,
  experiments: eachOf(findings.experiments, (experiment) => ({
    ...experiment,
    arms: eachOf(experiment.arms, (arm) => ({
      ...arm,
      findings: eachOf(arm.findings, ofRevision),
      ...(isObject(arm.story) && {
        story: { ...arm.story, pods: eachOf(arm.story.pods, (pod) => ({ revision: pod.version, ...pod })) },
      }),
    })),
  })),
});

const ofVersion = 'running-at-end-version-';

function ofRevision(finding: Fields): Fields {
  const { check, of } = finding;
  if (check !== 'demand-met' || typeof of !== 'string' || !of.startsWith(ofVersion)) return finding;
  return { ...finding, of: `running-at-end-${of === `${ofVersion}1` ? 'old' : 'new'}` };
}

/** holdfast.findings/2 identify a check by its name and a demand by its text. */
const withIds = (findings: Fields & { readonly plan: unknown }): Fields => ({
  ...findings,
  schema: newest,
  experiments: eachOf(findings.experiments, (experiment) => ({
    ...experiment,
    findings: eachOf(experiment.findings, byName),
    arms: eachOf(experiment.arms, (arm) => ({
      ...arm,
      findings: eachOf(eachOf(arm.findings, byName), demandsOf(findings.plan, experiment.name, arm)),
    })),
  })),
});

const eachOf = (list: unknown, change: (item: Fields) => Fields): unknown =>
  Array.isArray(list) ? list.map((item: unknown) => (isObject(item) ? change(item) : item)) : list;

const ids = (Object.keys(checks) as CheckId[]).flatMap((id) => {
  const { formerly = [], of }: CheckWords = checks[id];
  return formerly.map((name) => ({ id, name, hasSubject: of !== undefined }));
});

/** An unknown name stays unchanged. */
function byName(finding: Fields): Fields {
  const { check, ...rest } = finding;
  if (typeof check !== 'string') return finding;
  for (const { id, name, hasSubject } of ids) {
    if (hasSubject && check.startsWith(`${name}: `)) return { check: id, of: check.slice(name.length + 2), ...rest };
    if (!hasSubject && check === name) return { check: id, ...rest };
  }
  return finding;
}

/**
 * In holdfast.findings/2 the check of a demand has the expectation as its name. Demands are in the order of the plan.
 */
const isDemand = ({ check, expected }: Fields): boolean =>
  typeof check === 'string' && check === expected && !isCheckId(check);

/**
 * Gives the demands of an arm the keys of its plan. If the plan has another number of demands, they keep their text.
 */
function demandsOf(plan: unknown, experiment: unknown, arm: Fields): (finding: Fields) => Fields {
  const planned = demandsPlanned(plan, experiment, arm.name);
  const asked = Array.isArray(arm.findings) ? arm.findings.filter((each) => isObject(each) && isDemand(each)) : [];
  const keys = planned.length === asked.length ? planned.map(demandKey) : [];
  let next = 0;
  return (finding) => {
    if (!isDemand(finding)) return finding;
    const { check, ...rest } = finding;
    return { check: 'demand-met', of: keys[next++] ?? check, ...rest };
  };
}

const itemsOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);

function demandsPlanned(plan: unknown, experiment: unknown, arm: unknown): Demand[] {
  const own = itemsOf(isObject(plan) ? plan.experiments : undefined).find(({ name }) => name === experiment);
  const found = itemsOf(own?.arms).find(({ name }) => name === arm);
  return itemsOf(found?.demands) as unknown as Demand[];
}
