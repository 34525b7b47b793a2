import { Button } from "./kit.ts";

/** Reads the next page of a list that the server gives newest first; nothing where there is none. */
export function Older({
	pages: { hasNextPage, isFetchingNextPage, fetchNextPage },
}: {
	readonly pages: {
		readonly hasNextPage: boolean;
		readonly isFetchingNextPage: boolean;
		readonly fetchNextPage: () => unknown;
	};
}) {
	if (!hasNextPage) return null;
	return (
		<Button variant="subtle" m="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
			Show older
		</Button>
	);
}
