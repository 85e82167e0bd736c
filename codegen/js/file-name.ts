/** The last part of a path, on any system: the compiler runs in browsers too, which have no `node:path`. */
export const baseName = (path: string): string => path.replace(/^.*[\\/]/, '')

/** `models/mlp.nn` → `mlp`. */
export const stem = (path: string): string => baseName(path).replace(/(?<=.)\.[^.]*$/, '')
