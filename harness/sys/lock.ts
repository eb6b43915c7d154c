import { connect, createServer, type Server } from 'node:net';

export interface LockHolder {
  readonly pid: number;
  readonly command: string;
  readonly since: string;
}

/** The lock is held by another process, which is named. */
export class LockedError extends Error {
  override name = 'LockedError';
}

/** An abstract socket: the kernel frees it with the process that holds it, however that ends. */
const address = (name: string) => `\0holdfast/${name}`;

const askHolder = (name: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let words = '';
    const socket = connect(address(name));
    socket.setTimeout(1000, () => socket.destroy(new Error('no answer')));
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      words += chunk;
    });
    socket.on('end', () => resolve(words));
    socket.on('error', reject);
  });

const listen = (server: Server, name: string) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address(name), () => resolve());
  });

/** Does `work` under the machine-wide lock of this name, or throws `LockedError` with its holder. */
export async function withLock<T>(name: string, command: string, work: () => Promise<T>): Promise<T> {
  const release = await takeLock(name, command);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Takes the lock; returns what gives it back. */
async function takeLock(name: string, command: string): Promise<() => Promise<void>> {
  const holder: LockHolder = { pid: process.pid, command, since: new Date().toISOString() };
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(JSON.stringify(holder));
  });
  try {
    await listen(server, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const other = await askHolder(name).then(
      (words) => JSON.parse(words) as LockHolder,
      () => undefined,
    );
    throw new LockedError(
      other
        ? `${name} is in use by process ${other.pid} since ${other.since}: ${other.command}\nWait for it, or stop it: kill ${other.pid}`
        : `${name} is in use by another process. Try again in a moment`,
    );
  }
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}
