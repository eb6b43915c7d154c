import assert from 'node:assert/strict';
import type { ArmFindings, RunFindings } from '../../harness/model/finding.ts';
import { compoundRun, drainRun, nodeLossRun, placementRun } from '../sample/cluster-runs.ts';
import { unisolated } from '../testing/unisolated.ts';
import { html as isolatingHtml } from './html.ts';

/** The page without the elements that isolate names: ./isolation.test.ts is about those. */
const html = (run: RunFindings): string => unisolated(isolatingHtml(run));

const matches = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

function armOf(run: RunFindings, name: string): ArmFindings {
  const arm = run.experiments[0]?.arms.find((each) => each.name === name);
  assert.ok(arm, name);
  return arm;
}

/** An arm's chart, and what is told under it. */
function panelOf(run: RunFindings, name: string): { readonly chart: string; readonly told: string } {
  const panel = html(run)
    .split('<div class="panel"')
    .find((part) => part.includes(`<h3 class="print-only">${name}:`));
  assert.ok(panel, name);
  const [chart = '', rest = ''] = panel.split('<p class="readout"');
  return { chart, told: rest.split('<dl class="facts account">')[1]?.split('</dl>')[0] ?? '' };
}

describe('a drain in report.html', () => {
  const run = drainRun();
  const { chart, told } = panelOf(run, 'three-nodes');
  const evictions = armOf(run, 'three-nodes').story?.evictions ?? [];
  const refused = evictions.filter(({ code }) => code === 429).length;

  it('marks every answer to an eviction on its pod, and in a lane of their own', () => {
    assert.equal(evictions.length - refused, 3);
    assert.equal(matches(chart, /class="granted"/g), 3 + 3);
    assert.ok(matches(chart, /class="mark refused"/g) > refused);
    assert.match(chart, new RegExp(`>3 evictions allowed<[\\s\\S]*>${refused} refused<`));
  });

  it('tells them in words', () => {
    assert.match(told, /4q7ld on worker2: allowed \+0\.20 s/);
    assert.match(told, /9tkwb on worker3: refused \d times, \+0\.20 s to \+[\d.]+ s; allowed \+[\d.]+ s/);
    assert.match(told, /would violate the pod&#39;s disruption budget/);
  });

  it('says what the drain is faithful to', () => assert.match(told, /stands for kubectl drain: it uses the same API/));

  it('draws the budget, and what was demanded of the endpoints', () => {
    assert.match(chart, />Budget web</);
    assert.match(chart, />3 ready, never fewer than 2; 2 required</);
    assert.match(chart, />allows 1<[\s\S]*>allows 0</);
    assert.match(told, /closest \+[\d.]+ s: 2 healthy, 2 desired, 0 disruptions allowed/);
  });

  it('shows cordoned nodes as such, and the demands as guarantees', () => {
    assert.equal(matches(chart, /class="node-cordoned"/g), 3);
    const guarantees = html(run).split('id="guarantees"')[1]?.split('</section>')[0] ?? '';
    assert.match(guarantees, />never fewer than 2 ready endpoints</);
    const validity = html(run).split('id="validity"')[1] ?? '';
    assert.doesNotMatch(validity, /never fewer than/);
  });

  it('draws how long nobody answered', () => {
    const unprotected = panelOf(run, 'three-nodes-none');
    assert.match(unprotected.chart, /class="silence"[\s\S]*>no answer for 11 s</);
    assert.match(unprotected.told, /longest for 11\.00 s, from \+5\.50 s to \+16\.50 s/);
    assert.doesNotMatch(chart, /class="silence"/);
  });

  it('says of which connections it was, if others were answered', () => {
    const experiments = run.experiments.map((experiment) => ({
      ...experiment,
      arms: experiment.arms.map((arm) => {
        if (!arm.story?.silence) return arm;
        return { ...arm, story: { ...arm.story, silence: { ...arm.story.silence, conn: 'fresh' as const } } };
      }),
    }));
    const unprotected = panelOf({ ...run, experiments }, 'three-nodes-none');
    assert.match(unprotected.chart, /class="silence"[\s\S]*>no fresh answer for 11 s</);
    assert.match(unprotected.told, /on fresh connections, longest for 11\.00 s/);
  });
});

describe('what was measured in report.html', () => {
  it('is told under the chart, on its axis', () => {
    const { told } = panelOf(drainRun(), 'three-nodes');
    assert.match(
      told,
      /fewest endpoints<\/dt><dd>2 ready, first \+0\.22 s; 3 serving, first from the start; 2 alive, first \+/,
    );
    assert.match(
      told,
      /recovery<\/dt><dd>an endpoint was lost \+0\.22 s, and \d+\.\d\d s later as many endpoints were ready as before</,
    );
    assert.match(
      told,
      /latency<\/dt><dd>fresh: \+0\.1 ms at p50, \+4\.2 ms at p99 in the fault phase; [^<]* in the baseline 0\.8 ms at p50/,
    );
  });

  it('is left out of findings from before it was measured', () => {
    const old: RunFindings = JSON.parse(JSON.stringify(drainRun()), (key, value) =>
      key === 'measures' ? undefined : value,
    );
    assert.doesNotMatch(panelOf(old, 'three-nodes').told, /latency|recovery|fewest endpoints/);
  });
});

describe('a lost node in report.html', () => {
  const { chart, told } = panelOf(nodeLossRun(), 'none');

  it('is shown as the API and as the engine saw it, and who took it', () => {
    assert.match(chart, />▾ power-cut</);
    assert.match(chart, /class="node-unknown"/);
    assert.match(chart, /class="outage powered-off"[\s\S]*>powered off</);
    assert.match(chart, /class="running"/);
    assert.match(chart, /worker, worker2, worker3: Ready throughout/);
    assert.match(
      told,
      /disrupted by power-cut; powered off \(container engine\) \+0\.26 s; unknown \+16\.80 s; running \(container engine\) \+34\.00 s; Ready \+42\.00 s/,
    );
  });

  it('can also be frozen, or cut off', () => {
    const run = nodeLossRun();
    for (const [state, name] of [
      ['frozen', 'frozen'],
      ['cut off', 'cut-off'],
      ['not heard of', 'not-heard-of'],
    ] as const) {
      const other: RunFindings = JSON.parse(JSON.stringify(run).replaceAll('"powered off"', `"${state}"`));
      assert.match(panelOf(other, 'none').chart, new RegExp(`class="outage ${name}"[\\s\\S]*>${state}<`));
    }
  });
});

describe('an API server that was down', () => {
  it('has a lane of its own', () => {
    const run = nodeLossRun();
    const zero = armOf(run, 'none').story?.zero ?? 0;
    const apiServer = [
      { state: 'ready', from: 0, to: zero + 5e6 },
      { state: 'down', from: zero + 5e6, to: zero + 9e6 },
      { state: 'ready', from: zero + 9e6 },
    ];
    const down: RunFindings = JSON.parse(JSON.stringify(run), (key, value) =>
      key === 'apiServer' ? apiServer : value,
    );
    const { chart, told } = panelOf(down, 'none');
    assert.match(chart, />API server<[\s\S]*>down</);
    assert.match(told, /<dt>API server<\/dt><dd>down \+5\.00 s; ready again \+9\.00 s</);
    assert.doesNotMatch(panelOf(run, 'none').chart, />API server</);
  });
});

describe('a placement in report.html', () => {
  const run = placementRun();
  const page = html(run);

  it('has no chart of requests', () => {
    assert.doesNotMatch(page, />Answered<|>Failed<|requests? failed|no request recorded|id="close-up-0"/);
    assert.match(page, /No requests were sent\. Only the states of objects are judged\./);
  });

  it('shows replicas by node', () => {
    const figures = page.split('<section id="arms-0">')[1]?.split('</section>')[0] ?? '';
    const [control = '', , , none = ''] = figures.split('<div class="arm">').slice(1);
    assert.match(control, />3<span class="of">nodes for 3 replicas</);
    assert.match(none, />1<span class="of">node for 3 replicas</);
    assert.equal(matches(none, /class="bar-ready"/g), 3);
  });

  it('shows what found no node, with the scheduler’s reason', () => {
    const { chart, told } = panelOf(run, 'required');
    assert.match(chart, />no node<[\s\S]*>0\/5 nodes are available: 1 node\(s\) had untolerated taint/);
    assert.match(told, /zz8fn<\/dt><dd>not scheduled, \+0\.15 s: 0\/5 nodes[^<]* No preemption victims found/);
    assert.match(page, />no node<\/text><rect [^>]*class="waiting"/);
  });
});

describe('a compound outage in report.html', () => {
  const run = compoundRun();
  const { chart, told } = panelOf(run, 'budget');

  it('has a band for each disruption, with its name and where it landed', () => {
    assert.equal(matches(chart, /class="disruption"/g), 3);
    assert.equal(matches(chart, /class="mark landing"/g), 3);
    for (const id of ['new-version', 'maintenance', 'power-cut'])
      assert.match(chart, new RegExp(`class="lane-title heavy">${id}<`));
    assert.equal(matches(told, /stands for /g), 3);
  });

  it('says which disruption was not observed to take effect', () => {
    const without = JSON.parse(JSON.stringify(run), (key, value) => (key === 'landed' ? undefined : value));
    const panel = panelOf(without as RunFindings, 'budget');
    assert.equal(matches(panel.chart, /class="mark landing"/g), 0);
    assert.match(panel.chart, />drain, not observed to take effect</);
    assert.match(panel.told, /started 0\.00 s, not observed to take effect, ended /);
  });
});
