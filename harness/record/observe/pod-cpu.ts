import { kernelFoldersIn, readKernelFile } from '../../sys/files/system.ts';

type Folder = `/sys/${string}`;

/** CPU time in microseconds, by the UID of the pod that used it. */
export type PodCpuTimes = ReadonlyMap<string, number>;

/** Nodes start and stop with their containers, so their folders are searched again after this many readings. */
const lookEvery = 10;
/**
 * Levels to search: the folder of the engine, the container of a node, its kubelet and its pods; deeper for a node in a
 * slice or a virtual machine.
 */
const deepest = 6;
/** More folders could not be read within a second. */
const mostFolders = 2000;

/** systemd writes the UID in the name of a slice with underscores. The UID of a static pod is a digest. */
const podName = /(?:^|-)pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?$/;
const isKubepods = (name: string): boolean => /(?:^|-)kubepods(?:\.slice)?$/.test(name);

/**
 * Reads the CPU time of pods. The nodes of the lab are containers of this host, so its kernel counts the time of each
 * pod: in `cpuacct` of cgroup v1 or in `cpu.stat` of cgroup v2.
 */
export class PodCpu {
  readonly #root: Folder;
  #kubepods: Folder[] = [];
  #readings = 0;

  constructor(root: Folder = '/sys/fs/cgroup') {
    this.#root = root;
  }

  /** Undefined if this kernel knows no pod, for example if the engine is on another host. */
  async read(): Promise<PodCpuTimes | undefined> {
    if (this.#readings++ % lookEvery === 0) this.#kubepods = await this.#find();
    const times = new Map<string, number>();
    for (const folder of this.#kubepods) {
      const classes = (await folders(folder)).map((name): Folder => `${folder}/${name}`);
      const names = [folder, ...classes.filter((path) => !podName.test(path))];
      for (const parent of names)
        for (const name of await folders(parent)) {
          const uid = podName.exec(name)?.[1]?.replaceAll('_', '-');
          const time = uid && (await timeOf(`${parent}/${name}`));
          if (uid && time !== undefined) times.set(uid, Number(time));
        }
    }
    return times.size > 0 ? times : undefined;
  }

  async #find(): Promise<Folder[]> {
    const found: Folder[] = [];
    const [v1] = (await folders(this.#root)).filter((name) => name.split(',').includes('cpuacct'));
    let level: Folder[] = [v1 === undefined ? this.#root : `${this.#root}/${v1}`];
    let seen = 0;
    for (let depth = 0; depth < deepest && level.length > 0; depth++) {
      const next: Folder[] = [];
      for (const folder of level) {
        if (seen++ > mostFolders) return found;
        for (const name of await folders(folder)) (isKubepods(name) ? found : next).push(`${folder}/${name}`);
      }
      level = next;
    }
    return found;
  }
}

/** Empty if the folder was removed. */
const folders = (path: Folder): Promise<string[]> => kernelFoldersIn(path).catch(() => []);

const read = (path: Folder): Promise<string> => readKernelFile(path).catch(() => '');

async function timeOf(folder: Folder): Promise<number | undefined> {
  const nanoseconds = (await read(`${folder}/cpuacct.usage`)).trim();
  if (/^\d+$/.test(nanoseconds)) return Number(nanoseconds) / 1000;
  const [, microseconds] = /^usage_usec (\d+)$/m.exec(await read(`${folder}/cpu.stat`)) ?? [];
  return microseconds === undefined ? undefined : Number(microseconds);
}
