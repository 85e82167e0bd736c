import { Checker } from './checker.js'
import { Linker } from './link.js'
import type { Project } from './project.js'
import type { Texts } from './texts.js'

/** What every request looks into. */
export interface Workspace {
  readonly texts: Texts
  readonly project: Project
  readonly linker: Linker
  readonly checker: Checker
}

export function workspaceOf(project: Project, onBug: (thrown: unknown) => void): Workspace {
  return { texts: project.texts, project, linker: new Linker(project), checker: new Checker(project, onBug) }
}
