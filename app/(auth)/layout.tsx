import type { ReactNode } from "react"
import { accessConfig } from "@/access/config"

/** The two pages before the frame: log-in and set-up. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  const isInsecure = accessConfig().isInsecureOnPurpose
  return (
    <div className="flex min-h-dvh flex-col bg-ink-1">
      {isInsecure ? (
        <p role="note" className="bg-halted px-4 py-2 text-table text-paper">
          This connection is not protected: passwords and keys cross the network in the clear. Put https in front of
          Andon.
        </p>
      ) : null}
      <main className="mx-auto flex w-full max-w-[560px] flex-1 flex-col justify-center gap-6 px-4 py-10">
        {children}
      </main>
    </div>
  )
}
