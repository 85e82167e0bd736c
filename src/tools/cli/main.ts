#!/usr/bin/env node
import { Worker } from 'node:worker_threads'
import type { Io } from './io.js'

// A reader that has seen enough (`nnc dump … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

/** The thread of a session, as built and among the sources. */
const session = import.meta.url.endsWith('.ts') ? '../repl/session-worker.ts' : './repl-worker.js'

const io: Io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  terminal:
    process.stdin.isTTY && process.stdout.isTTY
      ? {
          input: process.stdin,
          output: process.stdout,
          startSession: () => new Worker(new URL(session, import.meta.url)),
        }
      : undefined,
}

const argv = process.argv.slice(2)
const isPlainSession = argv.length === 0 ? io.terminal !== undefined : argv.length === 1 && argv[0] === 'repl'
// A session begins with its prompt: nothing else is loaded for it.
if (isPlainSession) process.exitCode = await (await import('./repl.js')).repl(io, undefined)
else process.exitCode = await (await import('./program.js')).main(argv, io)
