import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { type ConfigAnswer, configQuery } from "../api/queries.ts";
import { Loaded } from "../ui/loaded.tsx";
import { Notice } from "../ui/notice.tsx";
import { shown } from "../ui/shown.ts";
import { Waiting } from "../ui/waiting.tsx";
import type { ConfigChange, ReviewChange } from "./change.ts";
import "../ui/tabs.css";
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

const maxProblems = 20;

/** The desired configuration of the fleet: the allowed LUNs, their settings, and overrides. */
export function ConfigPage() {
	const { tab: current = "luns" } = route.useSearch();
	const config = useQuery({ ...configQuery, refetchInterval: 15_000 });
	const [review, setReview] = useState<{ readonly change: ConfigChange; readonly done: () => void } | null>(
		null,
	);
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
							className={name === current ? "tab at" : "tab"}
							aria-current={name === current ? "page" : undefined}
						>
							{text}
						</Link>
					))}
				</nav>
			</header>
			<Loaded answer={config} problem="The configuration could not be read.">
				{(stored) => (
					<>
						<Problems problems={stored.problems} />
						<Tab config={stored} onReview={(change, done) => setReview({ change, done })} />
						{review === null ? null : (
							<Review
								change={review.change}
								stored={stored}
								onSaved={review.done}
								onClose={() => setReview(null)}
							/>
						)}
					</>
				)}
			</Loaded>
		</>
	);
}

function Problems({ problems }: { readonly problems: readonly string[] }) {
	if (problems.length === 0) return null;
	return (
		<Notice
			kind="warning"
			title="The stored configuration has problems. The settings that they are about have no effect."
		>
			<ul>
				{problems.slice(0, maxProblems).map((problem) => (
					<li key={problem}>{shown(problem)}</li>
				))}
			</ul>
		</Notice>
	);
}

function Tab({ config, onReview }: { readonly config: ConfigAnswer; readonly onReview: ReviewChange }) {
	const { tab = "luns", allow = null, edit = null } = route.useSearch();
	const navigate = route.useNavigate();
	switch (tab) {
		case "luns":
			return (
				<LunsTab
					config={config}
					allow={allow}
					edit={edit}
					onClosed={() => void navigate({ search: { tab: "luns" }, replace: true })}
					onReview={onReview}
				/>
			);
		case "defaults":
			return <DefaultsTab config={config} onReview={onReview} />;
		case "overrides":
			return (
				<Suspense fallback={<Waiting>Loading the editor …</Waiting>}>
					<OverridesTab config={config} onReview={onReview} />
				</Suspense>
			);
	}
}
