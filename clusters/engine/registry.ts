import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { shellFor } from '../docker/docker.ts';
import type { Engine } from './engine.ts';

/** `reason` is the message of the engine. */
export type ImageAnswer = { readonly available: true } | { readonly available: false; readonly reason: string };

const answerLimitMs = 6_000;

/**
 * Whether the engine has an image or can pull it from its registry or a mirror. The engine itself is asked (`GET
 * /distribution/NAME/json`), because its network and its mirrors differ from those of its client. Nothing is pulled.
 */
export async function isImageAvailable(
  engine: Pick<Engine, 'env'>,
  image: string,
  signal?: AbortSignal,
): Promise<ImageAnswer> {
  const shell = shellFor(engine.env, signal);
  if ((await shell({ nothrow: true })`docker image inspect ${image}`).exitCode === 0) return { available: true };
  const host = (await shell`docker context inspect --format ${'{{.Endpoints.docker.Host}}'}`).stdout.trim();
  const socket = socketOf(host);
  if (socket === undefined)
    return { available: false, reason: `the engine at ${host} has no local socket, so registries cannot be checked` };
  signal?.throwIfAborted();
  const limit = AbortSignal.timeout(answerLimitMs);
  try {
    return await askSocket(socket, image, signal ? AbortSignal.any([signal, limit]) : limit);
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) return { available: false, reason: `no registry answered within ${answerLimitMs / 1000} s` };
    throw error;
  }
}

/** The path in `unix:///run/docker.sock`; nothing for an engine that is reached in another way. */
export const socketOf = (host: string): string | undefined => /^unix:\/\/(\/.+)$/.exec(host)?.[1];

function askSocket(socketPath: string, image: string, signal: AbortSignal): Promise<ImageAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ImageAnswer>();
  const path = `/distribution/${image}/json`;
  get({ socketPath, path, signal }, (response) => {
    if (response.statusCode === 200) {
      response.resume();
      resolve({ available: true });
    } else {
      text(response).then((body) => resolve({ available: false, reason: messageIn(body) }), reject);
    }
  }).on('error', reject);
  return promise;
}

/** The message of an error that the engine answers with. */
export function messageIn(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // A proxy between us and the engine answered.
  }
  return body.trim() || 'no reason given';
}
