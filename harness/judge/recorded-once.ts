import type { ArmFindings } from '../model/finding.ts';

/** A recorded arm and the experiment that counts it. */
interface Counted {
  readonly experiment: string;
  readonly arm: ArmFindings;
}

/**
 * Sentences about recordings of one run that cannot both count, by experiment: arms with the same name or id, with the
 * same pods, or with overlapping times on one cluster. A cluster runs one arm at a time, and Kubernetes never reuses a
 * UID.
 */
export function countedTwice(all: readonly Counted[]): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, Set<string>>();
  const addSentence = (what: string, ...pair: readonly Counted[]) => {
    for (const { experiment } of pair) words.set(experiment, (words.get(experiment) ?? new Set()).add(what));
  };
  const named = new Map<string, Counted>();
  const ids = new Map<string, Counted>();
  const podsOf = new Map<string, Counted>();
  for (const one of all) {
    const name = nameOf(one);
    const before = named.get(name);
    if (before) addSentence(`${name} is counted more than once`, one);
    named.set(name, one);
    const { id } = one.arm.recorded ?? {};
    const same = id === undefined ? undefined : ids.get(id);
    if (same && nameOf(same) !== name) addSentence(`${nameOf(same)} and ${name} are the same recording`, same, one);
    if (id !== undefined) ids.set(id, one);
    for (const uid of one.arm.recorded?.podUids ?? []) {
      const other = podsOf.get(uid);
      if (other && nameOf(other) !== name) addSentence(`${nameOf(other)} and ${name} have the same pods`, other, one);
      podsOf.set(uid, one);
    }
  }
  const latestOn = new Map<string | undefined, Counted>();
  for (const one of all.toSorted((a, b) => fromOf(a) - fromOf(b))) {
    if (!one.arm.recorded) continue;
    const cluster = one.arm.recorded.origin?.cluster;
    const latest = latestOn.get(cluster);
    if (latest && fromOf(one) < toOf(latest) && nameOf(latest) !== nameOf(one))
      addSentence(`${nameOf(latest)} and ${nameOf(one)} were recorded at the same time`, latest, one);
    if (!latest || toOf(one) > toOf(latest)) latestOn.set(cluster, one);
  }
  return new Map([...words].map(([experiment, own]) => [experiment, [...own]]));
}

const nameOf = ({ experiment, arm }: Counted): string => `${experiment}/${arm.name}`;
const fromOf = ({ arm }: Counted): number => arm.recorded?.from ?? 0;
const toOf = ({ arm }: Counted): number => arm.recorded?.to ?? 0;
