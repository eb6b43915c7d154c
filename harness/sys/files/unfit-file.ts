/** A file or folder cannot be used: it is a link, a pipe or a device, too large, or belongs to another user. */
export class UnfitFile extends Error {
  override name = 'UnfitFile';
}
