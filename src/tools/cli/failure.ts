/** Exit codes of every command: all well; diagnostics or a failed check; wrong usage or input and output. */
export const EXIT = { ok: 0, diagnostics: 1, usage: 2 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A command cannot go on, for a reason outside the `.nn` text: usage, or reading and writing files. */
export class CommandFailure extends Error {
  readonly code: 'usage' | 'io'
  readonly file: string | undefined

  constructor(code: 'usage' | 'io', message: string, file?: string) {
    super(message)
    this.name = 'CommandFailure'
    this.code = code
    this.file = file
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
}

/** The reason a file operation failed, without the system's jargon where it is a common one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return REASONS[code] ?? error.message
}

/** A stack without the text of generated modules, which are imported from URLs that hold them whole. */
export const withoutModuleText = (stack: string): string =>
  stack.replace(/data:text\/javascript[^\s:]*/g, '<generated module>')
