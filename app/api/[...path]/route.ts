import { route } from "@/access/guard"
import { AppError } from "@/lib/errors"

/** An address of the API that is none answers like the rest of it, not with a page. */
const unknown = route(async () => {
  throw new AppError("not_found", "There is nothing at this address.")
})

export { unknown as DELETE, unknown as GET, unknown as PATCH, unknown as POST, unknown as PUT }
