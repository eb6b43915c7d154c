import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { EngineEnv } from '../docker.ts';

const client = join(import.meta.dirname, 'fake-docker.mjs');
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

/** An engine in a folder, with the docker client and the host's programs that lead to it. Nothing runs between two calls. */
export class FakeEngine implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'holdfast-engine-'));
  /** Leads a shell to its programs. */
  readonly env: EngineEnv;

  /** `beside` is what answers at the address of a private engine. */
  constructor({ beside }: { readonly beside?: FakeEngine } = {}) {
    for (const kind of ['bin', 'containers', 'networks', 'names']) mkdirSync(join(this.folder, kind));
    for (const program of programs) {
      const script = `#!/bin/sh\nexec '${process.execPath}' '${client}' '${this.folder}' '${beside?.folder ?? '/nonexistent'}' ${program} "$@"\n`;
      writeFileSync(join(this.folder, 'bin', program), script, { mode: 0o755 });
    }
    this.hostHas({ bridges: [] });
    writeFileSync(join(this.folder, 'log'), '');
    const path = [join(this.folder, 'bin'), process.env.PATH].join(delimiter);
    this.env = { PATH: path, DOCKER_HOST: '' };
  }

  add({ state = 'running', networks = {}, ...container }: FakeContainer): void {
    this.#write('containers', container.id, { state, networks, image: 'sha256:0', ...container });
    writeFileSync(join(this.folder, 'names', container.name), '');
  }

  addNetwork(network: FakeNetwork): void {
    this.#write('networks', network.id, network);
  }

  /** Bridges on the host, and interfaces that are ports of any. */
  hostHas({ bridges, ports = [] }: { readonly bridges: readonly string[]; readonly ports?: readonly string[] }): void {
    const text = (names: readonly string[]) => names.map((name) => `${name}\n`).join('');
    writeFileSync(join(this.folder, 'links'), text(bridges));
    writeFileSync(join(this.folder, 'ports'), text(ports));
  }

  #write(kind: string, id: string, thing: object): void {
    writeFileSync(join(this.folder, kind, id), JSON.stringify(thing));
  }

  containers(): FakeContainer[] {
    const folder = join(this.folder, 'containers');
    return readdirSync(folder).map((id) => JSON.parse(readFileSync(join(folder, id), 'utf8')) as FakeContainer);
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
