import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A change, after which what was read under a key is read again. `done` is called before that. */
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
