import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import "./dialog.css";

/**
 * A dialog over the page. It does not stop the page from scrolling: that would need styles that the policy of the page
 * refuses. Its head is not a `header`, which would be a second banner of the page.
 */
export function Dialog({
	title,
	size = "md",
	onClose,
	children,
}: {
	readonly title: string;
	readonly size?: "md" | "lg" | "xl";
	/** Null: it cannot be closed. */
	readonly onClose: (() => void) | null;
	readonly children: ReactNode;
}) {
	return (
		<Modal.Root
			opened
			onClose={onClose ?? (() => undefined)}
			closeOnClickOutside={false}
			lockScroll={false}
			size={size}
			transitionProps={{ duration: 0 }}
		>
			<Modal.Overlay />
			<Modal.Content>
				<div className="dialog-head">
					<Modal.Title>{title}</Modal.Title>
					{onClose === null ? null : <Modal.CloseButton aria-label="Close" />}
				</div>
				<Modal.Body>{children}</Modal.Body>
			</Modal.Content>
		</Modal.Root>
	);
}
