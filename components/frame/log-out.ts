import { sendJson } from "@/components/data/http"

/** Ends the session. A full load follows: nothing that was fetched for this person stays in memory. */
export async function logOut(): Promise<void> {
  await sendJson("POST", "/api/auth/logout")
  try {
    // Texts that were typed and not sent.
    window.sessionStorage.clear()
  } catch {
    // A browser that gives no storage has kept nothing.
  }
  window.location.assign("/login")
}
