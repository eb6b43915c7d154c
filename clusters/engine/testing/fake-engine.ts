import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { EngineEnv } from '../../docker/docker.ts';

const client = join(import.meta.dirname, 'fake-docker.sh');
const programs = ['docker', 'ip', 'iptables', 'iptables-nft', 'iptables-legacy'];

export interface FakeContainer {
  readonly id: string;
  readonly name: string;
  readonly state?: string;
  readonly labels: { readonly [label: string]: string };
  /** Ids by name. */
  readonly networks?: { readonly [name: string]: string };
}

export interface FakeNetwork {
  readonly id: string;
  readonly name: string;
  readonly labels: { readonly [label: string]: string };
  readonly bridge: string;
}

/**
 * A simulated engine in a folder, with a docker client and programs of the host that use it. No process runs between
 * two calls.
 */
export class FakeEngine implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'holdfast-engine-'));
  /** The environment in which a shell finds these programs. */
  readonly env: EngineEnv;

  /** `privateEngine` answers at the address of the private engine. */
  constructor({ privateEngine }: { readonly privateEngine?: FakeEngine } = {}) {
    for (const kind of ['bin', 'containers', 'networks', 'names']) mkdirSync(join(this.folder, kind));
    for (const program of programs) {
      const script = `#!/bin/sh\nexec sh '${client}' '${this.folder}' '${privateEngine?.folder ?? '/nonexistent'}' ${program} "$@"\n`;
      writeFileSync(join(this.folder, 'bin', program), script, { mode: 0o755 });
    }
    // On a busy machine the client may answer too late. A real private engine would then be started.
    writeFileSync(join(this.folder, 'bin', 'dockerd'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    this.hostHas({ bridges: [] });
    writeFileSync(join(this.folder, 'log'), '');
    const path = [join(this.folder, 'bin'), process.env.PATH].join(delimiter);
    this.env = { PATH: path, DOCKER_HOST: '' };
  }

  add({ id, name, state = 'running', labels, networks = {} }: FakeContainer): void {
    const attached = Object.entries(networks).map(([network, NetworkID]) => [network, { NetworkID }]);
    this.#write(`containers/${id}`, {
      name,
      state,
      image: 'sha256:0',
      networks: Object.keys(networks).join(),
      'networks.json': JSON.stringify(Object.fromEntries(attached)),
    });
    this.#write(`containers/${id}/labels`, labels);
    writeFileSync(join(this.folder, 'names', name), '');
  }

  addNetwork({ id, name, labels, bridge }: FakeNetwork): void {
    const inspected = {
      Id: id,
      Name: name,
      Labels: labels,
      Options: { 'com.docker.network.bridge.name': bridge },
      IPAM: { Config: [{ Subnet: '10.213.0.0/24' }] },
    };
    this.#write(`networks/${id}`, { name, 'inspected.json': JSON.stringify(inspected) });
  }

  /** Sets the bridges of the host, and the interfaces that are ports of a bridge. */
  hostHas({ bridges, ports = [] }: { readonly bridges: readonly string[]; readonly ports?: readonly string[] }): void {
    const text = (names: readonly string[]) => names.map((name) => `${name}\n`).join('');
    writeFileSync(join(this.folder, 'links'), text(bridges));
    writeFileSync(join(this.folder, 'ports'), text(ports));
  }

  /** Writes a file with one line for each field. */
  #write(path: string, fields: { readonly [field: string]: string }): void {
    mkdirSync(join(this.folder, path), { recursive: true });
    for (const [field, value] of Object.entries(fields)) writeFileSync(join(this.folder, path, field), `${value}\n`);
  }

  #read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8').trimEnd();
  }

  containers(): FakeContainer[] {
    return readdirSync(join(this.folder, 'containers')).flatMap((id) => this.#container(id) ?? []);
  }

  /** Undefined if it was removed in the meantime. */
  #container(id: string): FakeContainer | undefined {
    const own = `containers/${id}`;
    try {
      const labels = readdirSync(join(this.folder, own, 'labels'));
      return {
        id,
        name: this.#read(`${own}/name`),
        state: this.#read(`${own}/state`),
        labels: Object.fromEntries(labels.map((label) => [label, this.#read(`${own}/labels/${label}`)])),
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  networks(): string[] {
    return readdirSync(join(this.folder, 'networks'));
  }

  /** Command lines, in order. */
  log(): string[] {
    return readFileSync(join(this.folder, 'log'), 'utf8').split('\n').filter(Boolean);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
