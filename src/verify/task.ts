/**
 * Work that may need other work first. Chains of definitions can be as long as a recurrence, so they are followed
 * on a stack of tasks and never on that of JavaScript.
 */
export interface Task {
  /** Goes on until something is missing: the task that yields it. Undefined when done. */
  run(): Task | undefined
}

export function complete(task: Task): void {
  const stack = [task]
  while (stack.length > 0) {
    const needed = stack[stack.length - 1].run()
    if (needed) stack.push(needed)
    else stack.pop()
  }
}
