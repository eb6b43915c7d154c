/**
 * Measures how long it takes to read the facts of a workload with many objects, to take each guarantee away, to put both into
 * words, to plan an arm, and to compare its objects with those of the workload. For comparison, JSON.parse reads the same objects in the same run. They take turns, and the fastest of
 * five counts, because noise only adds time.
 * Usage: node bench/lenses.ts [objects]   (default: 500)
 */
import { availableParallelism, totalmem } from 'node:os';
import { applyChange, changeInWords, without } from '../harness/guarantees/changes.ts';
import { factsInWords, factsOf } from '../harness/guarantees/facts.ts';
import { readiness } from '../harness/guarantees/probes.ts';
import { guarantees } from '../harness/guarantees/registry.ts';
import { underTest } from '../harness/guarantees/under-test.ts';
import type { Workload } from '../harness/model/experiment.ts';
import type { Manifest, Manifests } from '../harness/model/manifest.ts';
import { diffOf } from '../harness/model/object-diff.ts';
import { plannedWorkload } from '../harness/plan/workload.ts';

const count = Number(process.argv[2] ?? 500);
const turns = 5;

const probe = { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1, failureThreshold: 1 };

/** A Deployment, a Service, a budget and a ConfigMap of this name. */
const application = (app: string): Manifests => {
  const labels = { app };
  const metadata = { name: app, labels };
  const selector = { matchLabels: labels };
  const container = {
    name: 'server',
    image: `${app}:1`,
    ports: [{ containerPort: 8080 }],
    env: Array.from({ length: 20 }, (_, index) => ({ name: `OPTION_${index}`, value: `value ${index}` })),
    readinessProbe: probe,
    livenessProbe: probe,
    lifecycle: { preStop: { sleep: { seconds: 5 } } },
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
  };
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 60, containers: [container] } };
  return [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 3, selector, template } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { minAvailable: 2, selector } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'app.conf': 'x'.repeat(2000) } },
  ];
};

const objects: readonly Manifest[] = Array.from({ length: Math.ceil(count / 4) }, (_, index) =>
  application(`app-${index}`),
)
  .flat()
  .slice(0, count);
const text = JSON.stringify(objects);
const under = underTest(objects, { service: 'app-0' });

const workload: Workload = {
  name: 'many',
  serves: { service: 'app-0' },
  options: {},
  objects: () => objects,
  changes: [],
};
const lab = { busyWorkers: 0, scheduler: 'default-scheduler' } as const;
const changed = applyChange(objects, under, without(readiness));

const work: { readonly [what: string]: () => unknown } = {
  'JSON.parse': () => JSON.parse(text),
  'find what is under test': () => underTest(objects, { service: 'app-0' }),
  'read the facts, in words': () => factsInWords(factsOf(objects, under)),
  'take each guarantee away, in words': () =>
    guarantees.map((guarantee) => {
      const change = without(guarantee);
      return changeInWords(change, factsOf(applyChange(objects, under, change), under));
    }),
  'plan an arm': () => plannedWorkload(workload, [without(readiness)], lab),
  'compare its objects': () => diffOf(objects, changed),
};

const fastest = new Map<string, number>();
for (let turn = 0; turn < turns; turn++) {
  for (const [what, run] of Object.entries(work)) {
    const from = performance.now();
    run();
    fastest.set(what, Math.min(fastest.get(what) ?? Number.POSITIVE_INFINITY, performance.now() - from));
  }
}

console.log(`${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`);
console.log(`${objects.length} objects, ${Math.round(text.length / 1024)} KiB of JSON`);
const base = fastest.get('JSON.parse') ?? Number.NaN;
for (const [what, ms] of fastest) console.log(`${what}: ${ms.toFixed(2)} ms, ${(ms / base).toFixed(2)} of JSON.parse`);
