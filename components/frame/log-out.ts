import { sendJson } from "@/components/data/http"

/** Ends the session. A full load follows: nothing that was fetched for this person stays in memory. */
export async function logOut(): Promise<void> {
  await sendJson("POST", "/api/auth/logout")
  window.location.assign("/login")
}
