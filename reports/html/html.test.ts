import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { PodLane, RunFindings } from '../../harness/model/finding.ts';
import { sayingEverywhere } from '../testing/hostile.ts';
import { planWithObjects } from '../testing/plan-with-objects.ts';
import { brokenRun, failingRun, inconclusiveRun, passingRun } from '../testing/rollout-runs.ts';
import { runs } from '../testing/runs.ts';
import { unisolated } from '../testing/unisolated.ts';
import { html as isolatingHtml } from './html.ts';

/** The page without the elements that isolate names, which ./isolation.test.ts tests. */
const html = (run: RunFindings): string => unisolated(isolatingHtml(run));

const between = (text: string, start: string, end: string): string => text.split(start)[1]?.split(end)[0] ?? '';
const section = (page: string, id: string): string => between(page, `<section id="${id}"`, '</section>');
const matches = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

/** Asserts that no missing value is printed. The page's own script may contain these words. */
function assertSound(page: string): void {
  assert.match(page, /<footer>/);
  assert.doesNotMatch(page.split('</footer>')[0] ?? '', /NaN|undefined|Infinity/);
}

describe('report.html', () => {
  let page: string;
  before(async () => {
    page = html(await passingRun());
  });

  it('has its sections in reading order', async () => {
    const ids = [...page.matchAll(/<section id="([^"]+)"/g)].map((match) => match[1]);
    assert.deepEqual(ids, ['guarantees', 'arms-0', 'close-up-0', 'timeline-0', 'failed', 'validity', 'versions']);
    assert.ok([...html(await failingRun()).matchAll(/<section id="([^"]+)"/g)][0]?.[1] === 'doubts');
  });

  it('keeps the charts of an experiment together, and names each experiment once in the banner', async () => {
    const [one, two] = [await passingRun(), await runs['node-loss']()];
    const both = html({
      ...one,
      plan: { ...one.plan, experiments: [...one.plan.experiments, ...two.plan.experiments] },
      experiments: [...one.experiments, ...two.experiments],
    });
    const lead = between(both, '<ul class="each">', '</ul>');
    assert.equal(matches(lead, /<li>/g), 2);
    for (const { sentence } of [...one.experiments, ...two.experiments])
      assert.ok(lead.replaceAll('\u00a0', ' ').includes(sentence), lead);
    const ids = [...both.matchAll(/<section id="([^"]+)"/g)].map((match) => match[1]);
    const pictures = ['arms-0', 'close-up-0', 'timeline-0', 'arms-1', 'close-up-1', 'timeline-1'];
    assert.deepEqual(ids, ['doubts', 'guarantees', ...pictures, 'failed', 'validity', 'versions']);
    const links = [...between(both, '<nav>', '</nav>').matchAll(/href="#([^"]+)">([^<]+)/g)].map(([, id, name]) => [
      id,
      name,
    ]);
    assert.deepEqual(
      links.filter(([id]) => id?.startsWith('arms-')),
      [
        ['arms-0', 'rolling-update'],
        ['arms-1', 'node-loss-spread'],
      ],
    );
  });

  it('draws the worst run of an arm, and counts the requests of all its runs', async () => {
    const run = await passingRun();
    const repeated: RunFindings = {
      ...run,
      experiments: run.experiments.map((experiment) => ({
        ...experiment,
        arms: experiment.arms.flatMap((arm) => {
          if (arm.name !== 'treatment') return [arm];
          const again = (name: string) => ({ ...arm, name, repeats: 'treatment' });
          return [arm, { ...again('treatment-2'), verdict: 'inconclusive' as const }, again('treatment-3')];
        }),
      })),
    };
    const page = html(repeated);
    const total = run.experiments[0]?.arms.find(({ name }) => name === 'treatment')?.requests.total ?? 0;
    assert.match(section(page, 'arms-0'), new RegExp(`of ${(3 * total).toLocaleString('en-US')} failed`));
    assert.match(section(page, 'arms-0'), /3 runs; the details are of the worst/);
    const shown = section(page, 'timeline-0');
    assert.equal(matches(shown, /class="panel"/g), run.experiments[0]?.arms.length);
    assert.match(shown, />treatment-2 /);
  });

  it('repeats the verdict in its title', async () => {
    for (const [run, title] of [
      [await passingRun(), 'Pass'],
      [await failingRun(), 'Fail'],
      [await inconclusiveRun(), 'Inconclusive'],
      [await brokenRun(), 'Error'],
    ] as const) {
      assert.match(
        html(run),
        new RegExp(
          `<title>${title} · rolling-update · holdfast</title>[\\s\\S]*<h1><span class="${title.toLowerCase()}">${title}\\.`,
        ),
      );
    }
  });

  it('shows the counts of the findings', async () => {
    const figures = [...section(page, 'arms-0').matchAll(/<h3>([^<]+)<[\s\S]*?class="figure">([\d,]+)</g)];
    const shown = Object.fromEntries(figures.map(([, name, failed]) => [name, Number(failed?.replaceAll(',', ''))]));
    const arms = (await passingRun()).experiments.flatMap((experiment) => experiment.arms);
    assert.deepEqual(shown, Object.fromEntries(arms.map(({ name, requests }) => [name, requests.failed])));
  });

  it('names what the evidence of a failed request is about, unless that is the pod of the request', async () => {
    const run = await passingRun();
    const evidenceAbout = (pod: string) => [
      { subject: pod, text: 'its end' },
      { subject: 'engine', text: 'a node off' },
      { text: 'no answer' },
    ];
    const experiments = run.experiments.map((experiment) => ({
      ...experiment,
      arms: experiment.arms.map((arm) => ({
        ...arm,
        failures: arm.failures.map((failure) => ({ ...failure, evidence: evidenceAbout(failure.pod) })),
      })),
    }));
    const shown = [
      ...section(html({ ...run, experiments }), 'failed').matchAll(/<span class="around">(.*?)<\/span> <\/span>/g),
    ].map(([, lines]) => lines);
    assert.ok(shown.length > 0);
    const expected = '<span>its end</span> <span>engine: a node off</span> <span>no answer';
    assert.deepEqual(new Set(shown), new Set([expected]));
  });

  it('draws a tick for each failed request, a lane for each pod, a panel for each arm', async () => {
    const arms = (await passingRun()).experiments.flatMap((experiment) => experiment.arms);
    const failed = arms.reduce((sum, { failures }) => sum + failures.length, 0);
    const charts = section(page, 'timeline-0').replaceAll(/<div class="key">.*?<\/div>/gs, '');
    assert.equal(matches(charts, /class="tick /g), failed);
    assert.equal(
      matches(charts, /class="mono">/g),
      arms.reduce((sum, { story }) => sum + (story?.pods.length ?? 0), 0),
    );
    assert.equal(matches(charts, /class="panel"/g), arms.length);
    assert.equal(matches(charts, / checked>/g), 1);
  });

  it('shows the margin of each terminated pod in the close-up', async () => {
    const stories = (await passingRun()).experiments.flatMap(({ arms }) => arms.flatMap(({ story }) => story ?? []));
    // The start of a pod that listened before the fault is not shown.
    const started = ({ listening: [first] }: PodLane, zero: number) => first !== undefined && first.from >= zero;
    const margins = stories
      .flatMap(({ pods, zero }) =>
        pods.flatMap((lane) => [lane.closeMarginMs, started(lane, zero) ? lane.listenMarginMs : undefined]),
      )
      .filter((margin) => margin !== undefined);
    assert.equal(margins.length, 24);
    const closeup = section(page, 'close-up-0');
    assert.equal(matches(closeup, / s to spare</g), margins.filter((margin) => margin >= 0).length);
    assert.equal(matches(closeup, / s too (late|early)</g), margins.filter((margin) => margin < 0).length);
  });

  it('opens at the failed arm', async () => {
    const failing = section(html(await failingRun()), 'timeline-0');
    const id = failing.match(/id="([^"]+)" checked/)?.[1];
    assert.match(failing, new RegExp(`<label for="${id}">treatment `));
  });

  it('loads nothing and runs only its own script', () => {
    assert.doesNotMatch(page, /\b(?:src|href)="(?!#)|@import|url\((?!#)|https?:\/\//);
    const script = between(page, '<script>', '</script>');
    const hash = createHash('sha256').update(script).digest('base64');
    assert.ok(page.includes(`script-src &#39;sha256-${hash}&#39;`), 'the policy names another script');
    assert.doesNotMatch(page, / on\w+=/);
  });

  for (const [name, run] of Object.entries(runs)) {
    it(`does not let text of ${name} close a script, a style or a tag`, async () => {
      const evil = '</script></style><img src=x onerror=alert(1)>"\'&<!--\u0000';
      const hostile = html(sayingEverywhere(evil, await run()));
      assert.equal(matches(hostile, /<img/g), 0);
      assert.equal(matches(hostile, /<\/script/g), matches(hostile, /<script/g));
      assert.equal(matches(hostile, /<script/g), matches(html(await run()), /<script/g));
      assert.ok(!hostile.includes('\u0000'));
      for (const [, data] of hostile.matchAll(/<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/g))
        JSON.parse(data ?? '');
    });

    it(`shows ${name} without missing values`, async () => assertSound(html(await run())));
  }

  it('has the settings and the objects of each experiment', async () => {
    assert.match(section(page, 'versions'), /<h3>Settings: rolling-update<[\s\S]*The objects were not recorded\./);
    const run = await passingRun();
    const other = html({ ...run, plan: { ...run.plan, experiments: [...run.plan.experiments, planWithObjects] } });
    assert.match(section(other, 'versions'), /<h3>Settings: shop-rollout<[\s\S]*\[server\]\.lifecycle/);
    assertSound(other);
  });

  it('names each check by its title, and by its subject if it has one', async () => {
    const guards = section(page, 'validity');
    for (const title of ['No request fails before the fault', 'The fault takes effect: update'])
      assert.equal(matches(guards, new RegExp(title, 'g')), 1, title);
    assert.doesNotMatch(guards, /clean-baseline|fault-landed/);
    assert.match(section(html(await inconclusiveRun()), 'doubts'), /The generators send and record the planned load/);
  });

  it('shows a broken run', async () => {
    const broken = html(await brokenRun());
    assert.match(section(broken, 'arms-0'), /no request recorded/);
    assert.match(section(broken, 'doubts'), /it left no recording/);
    assert.match(section(broken, 'timeline-0'), /Nothing was recorded in this arm/);
    assertSound(broken);
  });

  it('shows a run without any arm', async () => {
    const run = await brokenRun();
    const empty: RunFindings = {
      ...run,
      experiments: run.experiments.map((experiment) => ({ ...experiment, arms: [] })),
    };
    assertSound(html(empty));
    assertSound(html({ ...run, experiments: [] }));
  });

  it('shows lanes without any data', async () => {
    const run = await failingRun();
    const bare: RunFindings = {
      ...run,
      experiments: run.experiments.map((experiment) => ({
        ...experiment,
        arms: experiment.arms.map((arm) => ({
          ...arm,
          ...(arm.story && {
            story: { ...arm.story, pods: [], nodes: [], buckets: [], readyEndpoints: [], disruptions: [] },
          }),
        })),
      })),
    };
    const page = html(bare);
    assertSound(page);
    assert.match(section(page, 'timeline-0'), />no pod</);
  });
});
