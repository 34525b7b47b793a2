import "@mantine/core/styles.css";
import "./ui/base.css";
import "./app/shell.css";
import { createRoot } from "react-dom/client";
import { keepSession } from "./api/client.ts";
import { App } from "./app/app.tsx";

const place = document.getElementById("page");
if (place === null) throw new Error("the document of the page has no place for it");
keepSession();
createRoot(place).render(<App />);
