import assert from 'node:assert/strict';
import type { Progress } from '../../harness/model/progress.ts';
import { clusterDown } from '../cluster/down.ts';
import { stockTag } from '../cluster/node-image.ts';
import { makeParts } from '../cluster/parts.ts';
import { removeCluster } from '../cluster/remove.ts';
import { chooseSource } from '../cluster/source.ts';
import { clusterUp } from '../cluster/up.ts';
import { shellFor } from '../docker/docker.ts';
import { ensurePrograms } from '../packages.ts';
import { type Engine, findOrStartEngine } from './engine.ts';
import { LoopbackRegistry, useMirrors } from './testing/loopback-registry.ts';

const kubernetes = '1.37.2';
const cluster = 'stock';

describe('the stock image, from a registry', function () {
  this.timeout(600_000);
  const notes: string[] = [];
  const progress: Progress = {
    plan: () => {},
    step: (_title, work) => work(),
    note: (text) => notes.push(text),
    now: () => {},
  };
  const options = { install: true, yes: true, progress };
  const stack = new AsyncDisposableStack();
  let engine: Engine;

  before(async function () {
    await ensurePrograms(['docker-registry'], options);
    engine = await findOrStartEngine(options);
    if (!engine.own) this.skip();
    stack.defer(() => clusterDown(cluster, { progress }));
    const $ = shellFor(engine.env);
    const registry = stack.use(await LoopbackRegistry.start());
    const served = `${registry.address}/${stockTag(kubernetes)}`;
    const built = await makeParts('built', { ...options, engine, kubernetes, afterwards: [] });
    await $`docker tag ${built.nodeImage} ${served}`;
    await $`docker push ${served}`;
    await $`docker image rm ${served}`;
    stack.defer(() => useMirrors([]));
    await useMirrors([registry.address]);
    stack.defer(async () => {
      await $({ nothrow: true })`docker image rm ${stockTag(kubernetes)}`;
    });
    stack.defer(() => removeCluster(engine, cluster));
  });
  after(() => stack.disposeAsync());

  it('is chosen by auto only if the registry has it', async () => {
    assert.equal(await chooseSource('auto', { engine, kubernetes, progress }), 'stock');
    assert.match(notes.at(-1) ?? '', /kindest\/node:v1\.37\.2/);
    assert.equal(await chooseSource('auto', { engine, kubernetes: '1.99.9', progress }), 'built');
  });

  it('makes a cluster in which every node is Ready', async () => {
    const info = await clusterUp({
      ...options,
      name: cluster,
      image: 'stock',
      kubernetes,
      workers: 1,
      nodeTimings: 'fast',
      proxyMode: 'iptables',
    });
    assert.equal(info.profile.imageSource, 'stock');
    assert.equal(info.nodes.length, 2);
    const format = '{{.Config.Image}}';
    const used = await shellFor(
      engine.env,
    )`docker inspect --format ${format} ${info.nodes.map(({ container }) => container)}`;
    assert.deepEqual(used.stdout.trim().split('\n'), [stockTag(kubernetes), stockTag(kubernetes)]);
  });
});
