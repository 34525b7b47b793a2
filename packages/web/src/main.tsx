import "./ui/kit.css";
import "./ui/colours.css";
import "./ui/base.css";
import "./app/shell.css";
import { createRoot } from "react-dom/client";
import { keepSession } from "./api/client.ts";
import { App } from "./app/app.tsx";

const page = document.getElementById("page");
if (page === null) throw new Error("the document has no element for the page");
keepSession();
createRoot(page).render(<App />);
