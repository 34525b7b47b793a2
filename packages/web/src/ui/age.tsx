import { useSyncExternalStore } from "react";
import { pageRuntime } from "../runtime.ts";

/** The current second; shared, so that all ages on a page change at once. */
let now = pageRuntime.now();
const listeners = new Set<() => void>();
let cancel: (() => void) | null = null;

function tick(): void {
	cancel = pageRuntime.schedule(1000, () => {
		tick();
		now = pageRuntime.now();
		for (const one of listeners) one();
	});
}

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	if (cancel === null) tick();
	return () => {
		listeners.delete(listener);
		if (listeners.size > 0) return;
		cancel?.();
		cancel = null;
	};
}

export function useNow(): number {
	return useSyncExternalStore(subscribe, () => now);
}

/** How long ago, for reading: `3 s ago`, `12 min ago`, `5 h ago`, `3 days ago`. */
export function agoText(at: number, until: number): string {
	const seconds = Math.max(0, Math.round((until - at) / 1000));
	return seconds < 1 ? "just now" : `${durationText(seconds)} ago`;
}

/** A time span in one unit. */
export function durationText(seconds: number): string {
	if (seconds < 120) return `${Math.round(seconds)} s`;
	if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
	if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
	return `${Math.floor(seconds / 86_400)} days`;
}

/** The exact moment, in the time zone of the browser. */
export function momentText(at: number): string {
	return new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

/** The time of day with its zone, in the time zone of the browser: `02:14:07 CET`. */
export function clockText(at: number): string {
	return new Date(at).toLocaleTimeString(undefined, {
		hour: "2-digit",
		minute: "2-digit",
		second: "2-digit",
		hour12: false,
		timeZoneName: "short",
	});
}

/** The day, in the time zone of the browser. */
export function dayText(at: number): string {
	return new Date(at).toLocaleDateString(undefined, { dateStyle: "full" });
}

/** How long ago a moment was; the exact one on hover. */
export function Ago({ at }: { readonly at: number }) {
	const current = useNow();
	return (
		<time dateTime={new Date(at).toISOString()} title={momentText(at)}>
			{agoText(at, current)}
		</time>
	);
}
