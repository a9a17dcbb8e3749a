import { useEffect, useState } from "preact/hooks";
import type { Api } from "../api/api.ts";

/** Whether the role is signed in. Draws again when that changes. */
export function useSession({ session }: Api): boolean {
  const [isSignedIn, setSignedIn] = useState(session.isSignedIn);
  useEffect(() => session.onChange(() => setSignedIn(session.isSignedIn)), [session]);
  return isSignedIn;
}
