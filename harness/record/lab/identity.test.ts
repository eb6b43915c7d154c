import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ClusterInfo } from '../../model/cluster.ts';
import { fingerprint } from '../../model/fingerprint.ts';
import { connect } from '../../sys/kube.ts';
import { FakeKube } from '../../sys/testing/kube.ts';
import { authority, kubeconfigOf, ownKubeconfig } from '../../sys/testing/kubeconfig.ts';
import { assertOurs, NotOurs } from './identity.ts';

const [ourCa, otherCa] = [authority(0), authority(1)];
const server = 'https://127.0.0.1:6443';
/** The nodes by the ids of their containers: name and cluster. */
const ours = { c0: 'lab-control-plane lab', c1: 'lab-worker lab' };

describe('a cluster is identified', () => {
  let folder: string;
  let info: ClusterInfo;
  let kube: FakeKube;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-identity-'));
    info = {
      name: 'lab',
      kubeconfig: join(folder, 'kubeconfig'),
      nodes: [
        { name: 'lab-control-plane', container: 'c0' },
        { name: 'lab-worker', container: 'c1' },
      ],
      engineEnv: { PATH: [folder, process.env.PATH].join(delimiter) },
      identity: { kubeSystemUid: 'uid-1', caSha256: fingerprint(ourCa), containers: ['c0', 'c1'] },
    } as unknown as ClusterInfo;
    kube = new FakeKube();
    kube.caCertificate = ourCa;
    await engineWith(ours);
    await kubeSystem('uid-1');
  });
  afterEach(() => rm(folder, { recursive: true }));

  /**
   * A docker client that knows these containers by ids and names and fails for others, like docker. The values are its
   * answers.
   */
  async function engineWith(containers: { readonly [id: string]: string }): Promise<void> {
    const cases = Object.entries(containers).map(([id, words]) => {
      const [name = '', cluster = ''] = words.split(' ');
      return `    ${id}|${name}) echo "${id} /${name} ${cluster}" ;;`;
    });
    const script = [
      '#!/bin/sh',
      `[ "$1 $2 $3" = 'inspect --type=container --format={{.Id}} {{.Name}} {{index .Config.Labels "io.x-k8s.kind.cluster"}}' ] || exit 64`,
      'shift 3',
      'for one in "$@"; do',
      '  case "$one" in',
      ...cases,
      '    *) echo "Error: No such container: $one" >&2; exit 1 ;;',
      '  esac',
      'done',
    ].join('\n');
    await writeFile(join(folder, 'docker'), script);
    await chmod(join(folder, 'docker'), 0o755);
  }

  async function kubeSystem(uid: string | undefined): Promise<void> {
    kube.objects.clear();
    const labels = { 'io.x-k8s.kind.cluster': 'lab' };
    if (uid) await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid, labels } });
  }

  const ask = (apiMayBeDown: boolean, by: Parameters<typeof assertOurs>[1] = kube) =>
    assertOurs(info, by, { signal: new AbortController().signal, apiMayBeDown, answerLimitMs: 50 });
  const before = { injection: () => ask(false), heal: () => ask(true) };

  async function refused(why: RegExp): Promise<void> {
    for (const asked of Object.values(before)) {
      await assert.rejects(asked(), (error) => {
        assert.ok(error instanceof NotOurs, String(error));
        assert.match(error.message, why);
        return true;
      });
    }
  }

  it('if certificate authority, containers and kube-system are those that were recorded', async () => {
    await before.injection();
    await before.heal();
  });

  describe('and a similar cluster is refused', () => {
    it('of the same name with another authority', async () => {
      kube.caCertificate = otherCa;
      await refused(/certificate authority differs/);
    });

    it('that also trusts another authority', async () => {
      kube.caCertificate = `${ourCa}\n${otherCa}`;
      await refused(/certificate authority differs/);
    });

    it('without any authority', async () => {
      kube.caCertificate = '';
      await refused(/certificate authority differs/);
    });

    it('of the same authority with another kube-system', async () => {
      await kubeSystem('uid-2');
      await refused(/kube-system has another UID/);
    });

    it('whose server answers that it has no kube-system', async () => {
      await kubeSystem(undefined);
      await refused(/kube-system has another UID/);
    });

    it('with labels and names, but without the containers', async () => {
      await engineWith({});
      await refused(/nodes cannot be inspected[\s\S]*No such container: c0/);
    });

    it('with a missing node', async () => {
      await engineWith({ c0: 'lab-control-plane lab' });
      await refused(/No such container: c1/);
    });

    it('whose containers have the names and are others', async () => {
      await engineWith({ c0: 'lab-control-plane lab', c9: 'lab-worker lab' });
      await refused(/No such container: c1/);
    });

    it('whose containers are gone, and whose ids are other containers’ names', async () => {
      await engineWith({ c0: 'lab-control-plane lab', c9: 'c1 lab' });
      await refused(/its node containers differ/);
    });

    it('whose containers changed their names among themselves', async () => {
      await engineWith({ c0: 'lab-worker lab', c1: 'lab-control-plane lab' });
      await refused(/its node containers differ/);
    });

    it('whose containers have other names by now, or were made for another cluster', async () => {
      await engineWith({ ...ours, c1: 'lab-worker-old lab' });
      await refused(/its node containers differ/);
      await engineWith({ ...ours, c1: 'lab-worker other' });
      await refused(/its node containers differ/);
    });

    it('whose record names two lists of containers', async () => {
      Object.assign(info.identity, { containers: ['c0', 'c9'] });
      await refused(/its node containers differ/);
    });

    it('on a machine without an engine', async () => {
      await rm(join(folder, 'docker'));
      Object.assign(info, { engineEnv: { PATH: folder } });
      await refused(/nodes cannot be inspected/);
    });
  });

  describe('if its API server does not answer', () => {
    const silences = {
      'refuses connections': () => Promise.reject(new Error('connect ECONNREFUSED')),
      'never answers': () => new Promise<never>(() => undefined),
    };
    for (const [words, read] of Object.entries(silences)) {
      it(`and ${words}: heals are allowed, and injections are not`, async () => {
        kube.read = read;
        await before.heal();
        await assert.rejects(before.injection(), /ECONNREFUSED|did not answer within/);
      });

      it(`and ${words}: its containers and its certificate authority are checked all the same`, async () => {
        kube.read = read;
        await engineWith({ ...ours, c1: 'lab-worker other' });
        await refused(/its node containers differ/);
        kube.caCertificate = otherCa;
        await refused(/certificate authority/);
      });
    }

    it('and an interrupt ends the wait', async () => {
      kube.read = silences['never answers'];
      const stopping = AbortSignal.abort(new Error('interrupted'));
      await assert.rejects(assertOurs(info, kube, { signal: stopping, apiMayBeDown: true }), /interrupted/);
    });
  });

  describe('with its own kubeconfig', () => {
    const write = () => writeFile(info.kubeconfig, ownKubeconfig({ server, ca: ourCa }));
    /** The address in the kubeconfig, and a server that claims to be our cluster. */
    const through = async () => {
      const { caCertificate } = await connect(info.kubeconfig);
      return { caCertificate, read: kube.read.bind(kube) };
    };

    it('regardless of the files in the environment', async () => {
      await write();
      const others = ['other', 'another'].map((name) => join(folder, name));
      for (const file of others)
        await writeFile(file, kubeconfigOf('lab', { server: 'https://10.0.0.1:443', ca: otherCa }));
      const environment = process.env.KUBECONFIG;
      process.env.KUBECONFIG = others.join(delimiter);
      try {
        assert.equal((await connect(info.kubeconfig)).server, server);
        await ask(false, await through());
      } finally {
        if (environment === undefined) delete process.env.KUBECONFIG;
        else process.env.KUBECONFIG = environment;
      }
    });

    it('and not with a kubeconfig of another cluster in its place', async () => {
      await writeFile(info.kubeconfig, ownKubeconfig({ server, ca: otherCa }));
      await assert.rejects(ask(false, await through()), NotOurs);
      await assert.rejects(ask(true, await through()), NotOurs);
    });

    it('and not with a kubeconfig that names our authority but does not verify it', async () => {
      const careless = { server, ca: ourCa, 'insecure-skip-tls-verify': true };
      await writeFile(info.kubeconfig, ownKubeconfig(careless));
      await assert.rejects(through(), /was changed since holdfast wrote it/);
      await writeFile(info.kubeconfig, ownKubeconfig({ server: 'http://127.0.0.1:6443', ca: ourCa }));
      await assert.rejects(ask(true, await through()), NotOurs);
    });
  });
});
