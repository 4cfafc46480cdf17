/** One line a step: what, then how long it took. On a terminal the seconds run while it works; elsewhere a line every 15 s. */

const isTerminal = Boolean(process.stdout.isTTY) && !process.env.CI

/**
 * @template T
 * @param {string} title
 * @param {(detail: (text: string) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const from = Date.now()
  const seconds = () => `${((Date.now() - from) / 1000).toFixed(1)} s`
  let detail = ""
  const draw = () => {
    const width = process.stdout.columns || 80
    process.stdout.write(`\r\x1b[K${`  ${title} … ${seconds()}  ${detail}`.slice(0, width - 1)}`)
  }
  if (!isTerminal) console.log(`  ${title} …`)
  const timer = setInterval(
    isTerminal ? draw : () => console.log(`  ${title} … ${seconds()}`),
    isTerminal ? 200 : 15_000,
  )
  const end = (/** @type {string} */ mark) => {
    clearInterval(timer)
    if (isTerminal) process.stdout.write("\r\x1b[K")
    console.log(`${mark} ${title} (${seconds()})`)
  }
  try {
    const result = await work((text) => {
      detail = text
    })
    end("✓")
    return result
  } catch (error) {
    end("✗")
    throw error
  }
}
