/** The menu behind Alt: what a keyboard expects everywhere. Reloading and developer tools are no part of it. */
import { Menu } from "electron";

export function installMenu(): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: "&File", submenu: [{ role: "close" }, { role: "quit" }] },
      { role: "editMenu" },
      {
        label: "&View",
        submenu: [{ role: "zoomIn" }, { role: "zoomOut" }, { role: "resetZoom" }, { role: "togglefullscreen" }],
      },
    ]),
  );
}
