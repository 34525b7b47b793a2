import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A change, after which what was read under a key is read anew. `done` is called before that, when it was made. */
export function useChange<Value = void, Result = unknown>(
	key: readonly unknown[],
	change: (value: Value) => Promise<Result>,
	done: () => void = () => undefined,
) {
	const queries = useQueryClient();
	return useMutation({
		mutationFn: change,
		onSuccess: () => {
			done();
			void queries.invalidateQueries({ queryKey: key });
		},
	});
}
