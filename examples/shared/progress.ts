/** One line that tells how far the work is: rewritten in place on a terminal, only its last state elsewhere. */
export class Progress {
  readonly #terminal = process.stdout.isTTY === true
  #shown = 0

  update(text: string): void {
    const now = performance.now()
    if (!this.#terminal || now - this.#shown < 100) return
    this.#shown = now
    process.stdout.write(`\r\u001b[K${text}`)
  }

  finish(text: string): void {
    process.stdout.write(`${this.#terminal ? '\r\u001b[K' : ''}${text}\n`)
  }
}
