import assert from 'node:assert/strict';
import type { ArmFindings, ArmStory, RunFindings } from '../../harness/model/finding.ts';
import { compoundRun, drainRun, nodeLossRun, placementRun } from '../testing/cluster-runs.ts';
import { passingRun } from '../testing/rollout-runs.ts';
import { unisolated } from '../testing/unisolated.ts';
import { html as isolatingHtml } from './html.ts';

/** The page without the elements that isolate names, which ./isolation.test.ts tests. */
const html = (run: RunFindings): string => unisolated(isolatingHtml(run));

const matches = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

function armOf(run: RunFindings, name: string): ArmFindings {
  const arm = run.experiments[0]?.arms.find((each) => each.name === name);
  assert.ok(arm, name);
  return arm;
}

/** An arm's chart, and the text under it. */
function panelOf(run: RunFindings, name: string): { readonly chart: string; readonly told: string } {
  const panel = html(run)
    .split('<div class="panel"')
    .find((part) => part.includes(`<h3 class="print-only">${name}:`));
  assert.ok(panel, name);
  const [chart = '', rest = ''] = panel.split('<p class="readout"');
  return { chart, told: rest.split('<dl class="facts account">')[1]?.split('</dl>')[0] ?? '' };
}

type Panel = ReturnType<typeof panelOf>;

describe('a drain in report.html', () => {
  let panel: Panel;
  let evictions: ArmStory['evictions'];
  let refused: number;
  before(async () => {
    const run = await drainRun();
    panel = panelOf(run, 'drain');
    evictions = armOf(run, 'drain').story?.evictions ?? [];
    refused = evictions.filter(({ code }) => code === 429).length;
  });

  it('marks every response to an eviction on its pod, and in a separate lane', () => {
    assert.equal(refused, 7);
    assert.equal(evictions.length - refused, 3);
    assert.equal(matches(panel.chart, /class="granted"/g), 3 + 3);
    assert.ok(matches(panel.chart, /class="mark refused"/g) > refused);
    assert.match(panel.chart, new RegExp(`>3 evictions allowed<[\\s\\S]*>${refused} refused<`));
  });

  it('describes the evictions in words', () => {
    assert.match(panel.told, /q75f4 on worker4: allowed \+0\.30 s/);
    assert.match(panel.told, /zzmls on worker: refused 5 times, \+0\.70 s to \+5\.49 s; allowed \+6\.58 s/);
    assert.match(panel.told, /would violate the pod&#39;s disruption budget/);
  });

  it('names the real event that the drain stands for, if the recording has it', async () => {
    const { told } = panelOf(await compoundRun(), 'budget');
    assert.match(told, /stands for kubectl drain: the same API/);
    assert.doesNotMatch(panel.told, /stands for/);
  });

  it('draws the budget', () => {
    assert.match(panel.chart, />Budget web</);
    assert.match(panel.chart, />allows 1<[\s\S]*>allows 0</);
    assert.match(panel.told, /closest \+[\d.]+ s: 2 healthy, 2 desired, 0 disruptions allowed/);
  });

  it('shows cordoned nodes', () => assert.equal(matches(panel.chart, /class="node-cordoned"/g), 3));
});

describe('demands in report.html', () => {
  it('are drawn if they are about ready endpoints', async () => {
    const { chart } = panelOf(await compoundRun(), 'budget');
    assert.match(chart, />3 ready, never fewer than 1; 1 required</);
  });

  it('are listed as guarantees, and not as doubts about the evidence', async () => {
    const page = html(await compoundRun());
    const guarantees = page.split('id="guarantees"')[1]?.split('</section>')[0] ?? '';
    assert.match(guarantees, />never fewer than 1 ready endpoint</);
    const validity = page.split('id="validity"')[1] ?? '';
    assert.doesNotMatch(validity, /never fewer than/);
  });
});

describe('a period without answers in report.html', () => {
  it('is drawn with its length', async () => {
    const run = await nodeLossRun();
    const none = panelOf(run, 'none');
    assert.match(none.chart, /class="silence"[\s\S]*>no answer for 28 s</);
    assert.match(none.told, /longest for 28\.13 s, from \+[\d.]+ s to \+[\d.]+ s/);
    assert.doesNotMatch(panelOf(run, 'required').chart, /class="silence"/);
  });

  it('names the kind of connections, if others were answered', async () => {
    const neither = panelOf(await passingRun(), 'neither');
    assert.match(neither.chart, /class="silence"[\s\S]*>no fresh answer for 1\.5 s</);
    assert.match(neither.told, /on fresh connections, longest for 1\.49 s/);
  });
});

describe('the measures in report.html', () => {
  it('are listed under the chart, with times on its axis', async () => {
    const { told } = panelOf(await compoundRun(), 'budget');
    assert.match(
      told,
      /fewest endpoints<\/dt><dd>1 ready, first \+19\.76 s; 1 serving, first \+19\.76 s; 1 alive, first \+5\.12 s</,
    );
    assert.match(
      told,
      /recovery<\/dt><dd>an endpoint was lost \+0\.17 s, and \d+\.\d\d s later as many endpoints were ready as before</,
    );
    assert.match(
      told,
      /latency<\/dt><dd>fresh: \+0\.0 ms at p50, \+9\.3 ms at p99 in the fault phase; [^<]* in the baseline \d\.\d ms at p50/,
    );
  });

  it('are dated from the start if they never changed', async () => {
    const { told } = panelOf(await passingRun(), 'treatment');
    assert.match(told, /fewest endpoints<\/dt><dd>3 ready, first from the start; 3 serving, first from the start; /);
  });

  it('are left out of older findings without measures', async () => {
    const old: RunFindings = JSON.parse(JSON.stringify(await compoundRun()), (key, value) =>
      key === 'measures' ? undefined : value,
    );
    assert.doesNotMatch(panelOf(old, 'budget').told, /latency|recovery|fewest endpoints/);
  });
});

describe('a lost node in report.html', () => {
  it('is shown as the API and as the engine saw it, with the fault that took it', async () => {
    const { chart, told } = panelOf(await nodeLossRun(), 'none');
    assert.match(chart, />▾ power-cut</);
    assert.match(chart, /class="node-unknown"/);
    assert.match(chart, /class="outage powered-off"[\s\S]*>powered off</);
    assert.match(chart, /class="running"/);
    assert.match(chart, /worker, worker2, worker3: Ready throughout/);
    assert.match(
      told,
      /disrupted by power-cut; powered off \(container engine\) \+0\.43 s; unknown \+15\.29 s; running \(container engine\) \+32\.08 s; Ready \+33\.56 s/,
    );
  });

  it('can also be frozen, or disconnected', async () => {
    const run = await nodeLossRun();
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

describe('an API server that was down, in report.html', () => {
  it('has a lane of its own', async () => {
    const run = await nodeLossRun();
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
  let run: RunFindings;
  let page: string;
  before(async () => {
    run = await placementRun();
    page = html(run);
  });

  it('has no chart of requests', () => {
    assert.doesNotMatch(page, />Answered<|>Failed<|requests? failed|no request recorded|id="close-up-0"/);
    assert.match(page, /No requests were sent\. Only the states of objects are judged\./);
  });

  it('shows replicas by node', () => {
    const figures = page.split('<section id="arms-0">')[1]?.split('</section>')[0] ?? '';
    const [apart = '', together = ''] = figures.split('<div class="arm">').slice(1);
    assert.match(apart, />3<span class="of">nodes for 3 replicas</);
    assert.match(together, />1<span class="of">node for 3 replicas</);
    assert.equal(matches(together, /class="bar-ready"/g), 3);
  });

  it('shows replicas that found no node, with the scheduler’s reason', () => {
    const { chart, told } = panelOf(run, 'apart');
    assert.match(chart, />no node<[\s\S]*>0\/5 nodes are available: 1 node\(s\) had untolerated taint/);
    assert.match(told, /zz8fn<\/dt><dd>not scheduled, \+0\.15 s: 0\/5 nodes[^<]* No preemption victims found/);
    assert.match(page, />no node<\/text><rect [^>]*class="waiting"/);
  });
});

describe('a compound outage in report.html', () => {
  it('has a band for each disruption, with its name and where it landed', async () => {
    const { chart, told } = panelOf(await compoundRun(), 'budget');
    assert.equal(matches(chart, /class="disruption"/g), 3);
    assert.equal(matches(chart, /class="mark landing"/g), 3);
    for (const id of ['update', 'drain', 'power-cut'])
      assert.match(chart, new RegExp(`class="lane-title heavy">${id}<`));
    assert.equal(matches(told, /stands for /g), 3);
  });

  it('names the disruption that was not observed to take effect', async () => {
    const without = JSON.parse(JSON.stringify(await compoundRun()), (key, value) =>
      key === 'landed' ? undefined : value,
    );
    const panel = panelOf(without as RunFindings, 'budget');
    assert.equal(matches(panel.chart, /class="mark landing"/g), 0);
    assert.match(panel.chart, />rollout, not observed to take effect</);
    assert.match(panel.told, /started 0\.00 s, not observed to take effect, ended /);
  });
});
