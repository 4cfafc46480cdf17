const LEAST = [20, 9]

/** Ends the program, in words, on a Node that is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return
  console.error(
    `Andon needs Node ${LEAST.join(".")} or newer; this is ${process.versions.node}. See https://nodejs.org/`,
  )
  process.exit(1)
}
