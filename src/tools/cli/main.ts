#!/usr/bin/env node
import { Worker } from 'node:worker_threads'
import type { Io } from './io.js'

// A reader that has seen enough (`nnc dump … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

/** The thread of a session: built, it lies beside this file; from the sources it needs the loader that runs them. */
function startSession(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./repl-worker.js', import.meta.url))
  const { href } = new URL('../repl/session-worker.ts', import.meta.url)
  const text = `import { register } from 'tsx/esm/api'; register(); await import(${JSON.stringify(href)})`
  return new Worker(text, { eval: true, execArgv: ['--input-type=module'] })
}

const io: Io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  terminal:
    process.stdin.isTTY && process.stdout.isTTY
      ? { input: process.stdin, output: process.stdout, startSession }
      : undefined,
}

const argv = process.argv.slice(2)
const isPlainSession = argv.length === 0 ? io.terminal !== undefined : argv.length === 1 && argv[0] === 'repl'
// A session begins with its prompt: nothing else is loaded for it.
if (isPlainSession) process.exitCode = await (await import('./repl.js')).repl(io, undefined)
else process.exitCode = await (await import('./program.js')).main(argv, io)
