import type { ReactNode } from "react";
import { Loader } from "./kit.ts";
import "./waiting.css";

/** In place of something that is being read. */
export function Waiting({ children = "Reading …" }: { readonly children?: ReactNode }) {
	return (
		<div className="waiting">
			<Loader size="sm" /> <span>{children}</span>
		</div>
	);
}
