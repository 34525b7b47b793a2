import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { FleetProvider } from "../live/fleet-context.tsx";
import { useSession } from "../session/use-session.ts";
import { KitProvider } from "../ui/kit.ts";
import { styleNonce } from "../ui/style-nonce.ts";
import { theme } from "../ui/theme.ts";
import { LogIn } from "./log-in.tsx";
import { router } from "./router.tsx";

const LogInAgain = lazy(async () => ({ default: (await import("./log-in-again.tsx")).LogInAgain }));

const queries = new QueryClient({
	defaultOptions: { queries: { retry: 1, retryDelay: 1000, staleTime: 1000, refetchOnWindowFocus: true } },
});

export function App() {
	return (
		<KitProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
			<QueryClientProvider client={queries}>
				<Inside />
			</QueryClientProvider>
		</KitProvider>
	);
}

/** The page is kept when a session ends, with everything that was typed into it. */
function Inside() {
	const session = useSession();
	if (session === null) return <LogIn />;
	return (
		<FleetProvider key={session.user}>
			<RouterProvider router={router} />
			<Suspense>{session.isExpired ? <LogInAgain user={session.user} /> : null}</Suspense>
		</FleetProvider>
	);
}
