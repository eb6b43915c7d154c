import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readState, statePath, writeState } from '../../harness/sys/state-file.ts';

/** The label on each container and network that we create: the owner id of the state folder. */
export const ownerLabel = 'io.holdfast.owner';

const ownerFile = 'owner.json';
const ownerSchema = z.strictObject({ id: z.string().regex(/^[0-9a-f]{32}$/) });

/** The owner id of this state folder; undefined if nothing was created yet. Throws if the file is damaged. */
export function knownOwner(): string | undefined {
  try {
    return readState(ownerFile, ownerSchema)?.id;
  } catch (error) {
    throw new Error(
      `The owner id of this state folder is damaged (${statePath(ownerFile)}: ${(error as Error).message}). ` +
        'Remove the file. Recorded clusters stay yours.',
      { cause: error },
    );
  }
}

/** The owner id, created at random if there is none. Call it while holding the lock of the lab. */
export function ownerId(): string {
  const known = knownOwner();
  if (known !== undefined) return known;
  const id = randomBytes(16).toString('hex');
  writeState(ownerFile, { id });
  return id;
}

/** Proof that a container or a network is ours: its owner label or its id. */
export interface Claim {
  /** The owner id that its label must have. */
  readonly owner: string | undefined;
  /** The ids that we recorded. */
  readonly ids: ReadonlySet<string>;
}

/** A container or a network as an engine lists it. */
export interface Owned {
  readonly id: string;
  /** Empty if it has no owner label. */
  readonly owner: string;
}

export const isOurs = ({ owner, ids }: Claim, thing: Owned): boolean =>
  ids.has(thing.id) || (thing.owner !== '' && thing.owner === owner);
