export type TreeEntry = { readonly name: string; readonly kind: 'file' | 'directory' };

/** Files as they stand somewhere: on disk, in git's index, in a commit. Paths are absolute, as they would be on disk. */
export type FileTree = {
  /** What lies directly in a directory; null when there is no such directory. */
  list(directory: string): readonly TreeEntry[] | null;
  /** A file's text, decoded as UTF-8; null when there is no such file. */
  read(file: string): string | null;
};
