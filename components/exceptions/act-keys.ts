/**
 * A letter presses the button of the row that has the focus, or of `scope` where it stands alone. Only what is on the page can be pressed, so a
 * key never does what the reader's role or the state does not allow.
 * @returns whether a button was pressed.
 */
export function pressActKey(event: KeyEvent, scope: ParentNode): boolean {
  if (event.metaKey || event.ctrlKey || event.altKey || event.key.length !== 1) return false
  const target = event.target
  if (target instanceof HTMLElement && target.closest("input, textarea, select, dialog")) return false
  const button = scope.querySelector<HTMLButtonElement>(`[data-act-key="${CSS.escape(event.key)}"]`)
  button?.click()
  return button !== null
}

/** React's event and the browser's. */
type KeyEvent = { key: string; metaKey: boolean; ctrlKey: boolean; altKey: boolean; target: EventTarget | null }
