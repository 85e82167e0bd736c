/** A server of files under a strict policy. */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join, normalize } from 'node:path'

/** Scripts of this server and nothing else: no `eval`, no `new Function`, no script in the text of a page. */
export const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"

/** The same, where WebAssembly may be compiled. */
export const WASM_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'"

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
}

export interface Site {
  readonly url: string
  close(): Promise<void>
}

/** Serves a folder; reading anew at each request. */
export async function serve(folder: string, policy = POLICY): Promise<Site> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    response.setHeader('Content-Security-Policy', policy)
    if (pathname === '/favicon.ico') return response.writeHead(204).end()
    try {
      const text = readFileSync(join(folder, normalize(decodeURIComponent(pathname))))
      response.setHeader('Content-Type', TYPES[extname(pathname)] ?? 'application/json')
      return response.end(text)
    } catch {
      return response.writeHead(404).end()
    }
  })
  return { url: `http://127.0.0.1:${await listen(server)}`, close: () => close(server) }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object' && address !== null) resolve(address.port)
      else reject(new Error('the server has no port'))
    })
  })
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
