import { useQueryClient } from "@tanstack/react-query";
import { setSession } from "../session/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Button } from "../ui/kit.ts";
import { LogInForm } from "./log-in.tsx";

/** A dialog over the page when its session has ended; afterwards everything is as it was. */
export function LogInAgain({ user }: { readonly user: string }) {
	const queries = useQueryClient();
	return (
		<Dialog onClose={null} title="Your session has ended">
			<p>Log in again to continue where you were; nothing that you typed is lost.</p>
			<LogInForm user={user} isFixed onDone={() => void queries.invalidateQueries()} />
			<Button variant="subtle" mt="sm" onClick={() => setSession(null)}>
				Log in as another user
			</Button>
		</Dialog>
	);
}
