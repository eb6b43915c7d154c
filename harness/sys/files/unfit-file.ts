/** A file or folder that is not what it must be: a link, a pipe, a device, something far too large, or somebody else's. */
export class UnfitFile extends Error {
  override name = 'UnfitFile';
}
