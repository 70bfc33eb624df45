/** System errors in the words a person would use. */

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder, not a file",
  ENAMETOOLONG: "the name is too long",
  EFBIG: "the file would be too large",
  EIO: "the disk reported an error",
  EMFILE: "too many files are open",
  EPIPE: "the reader went away",
};

export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

export function explainError(error: unknown): string {
  const words = WORDS[errorCode(error) ?? ""];
  if (words !== undefined) return words;
  return error instanceof Error ? error.message : String(error);
}
