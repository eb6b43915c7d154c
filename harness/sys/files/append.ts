import { fstatSync, fsyncSync, ftruncateSync } from 'node:fs';
import { writeAll } from './write.ts';

/**
 * Appends text to a file that `openAppend` opened, whole or not at all, and returns when it is on disk. Throws if the disk
 * is full.
 */
export function appendWhole(fd: number, text: string): void {
  const { size } = fstatSync(fd);
  try {
    writeAll(fd, Buffer.from(text));
  } catch (error) {
    // A full disk took a part of it, and the next line must not continue that part.
    ftruncateSync(fd, size);
    throw error;
  }
  fsyncSync(fd);
}

/** Truncates the file to this many bytes. */
export const cutAfter = (fd: number, bytes: number): void => ftruncateSync(fd, bytes);
