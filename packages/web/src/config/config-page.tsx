import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { configQuery } from "../api/queries.ts";
import { Loader } from "../ui/kit.ts";
import { Notice } from "../ui/notice.tsx";
import { Problem } from "../ui/problem.tsx";
import { shown } from "../ui/words.ts";
import type { Change } from "./change.ts";
import "./config.css";
import { DefaultsTab } from "./defaults-tab.tsx";
import { LunsTab } from "./luns-tab.tsx";
import { Review } from "./review.tsx";

const OverridesTab = lazy(async () => ({ default: (await import("./overrides-tab.tsx")).OverridesTab }));

const route = getRouteApi("/config");
const tabs = [
	["luns", "LUNs"],
	["defaults", "Defaults"],
	["overrides", "Overrides"],
] as const;

/** What the fleet is to be: who is allowed, with which settings, and what overrides them. */
export function ConfigPage() {
	const { tab = "luns", allow, edit } = route.useSearch();
	const navigate = route.useNavigate();
	const { data: config, error } = useQuery({ ...configQuery, refetchInterval: 15_000 });
	const [review, setReview] = useState<{ readonly change: Change; readonly done: () => void } | null>(null);
	const look = (change: Change, done: () => void) => setReview({ change, done });
	return (
		<>
			<header className="page-head">
				<h1>Configuration</h1>
				<nav className="tabs" aria-label="Parts of the configuration">
					{tabs.map(([name, text]) => (
						<Link
							key={name}
							to="/config"
							search={{ tab: name }}
							className={name === tab ? "tab at" : "tab"}
							aria-current={name === tab ? "page" : undefined}
						>
							{text}
						</Link>
					))}
				</nav>
			</header>
			{error === null ? null : <Problem what="The configuration could not be read." error={error} />}
			{config === undefined ? (
				error === null ? (
					<div className="waiting">
						<Loader size="sm" /> Reading …
					</div>
				) : null
			) : (
				<>
					{config.problems.length === 0 ? null : (
						<Notice
							kind="warning"
							title="The stored configuration has problems; what they are about is not carried out."
						>
							<ul>
								{config.problems.slice(0, 20).map((problem) => (
									<li key={problem}>{shown(problem)}</li>
								))}
							</ul>
						</Notice>
					)}
					{tab === "luns" ? (
						<LunsTab
							config={config}
							allow={allow ?? null}
							edit={edit ?? null}
							onClosed={() => void navigate({ search: { tab: "luns" }, replace: true })}
							onReview={look}
						/>
					) : null}
					{tab === "defaults" ? <DefaultsTab config={config} onReview={look} /> : null}
					{tab === "overrides" ? (
						<Suspense
							fallback={
								<div className="waiting">
									<Loader size="sm" /> Loading the editor …
								</div>
							}
						>
							<OverridesTab config={config} onReview={look} />
						</Suspense>
					) : null}
				</>
			)}
			{review === null || config === undefined ? null : (
				<Review
					change={review.change}
					stored={config}
					onSaved={review.done}
					onClose={() => setReview(null)}
				/>
			)}
		</>
	);
}
