import { Tooltip } from "radix-ui";
import { useEffect } from "react";
import styles from "./App.module.css";
import { Button } from "./components/Button.tsx";
import { Splitter } from "./components/Splitter.tsx";
import { Banner } from "./panels/Banner.tsx";
import { CaptureScreen } from "./panels/CaptureScreen.tsx";
import { EdgeTable } from "./panels/EdgeTable.tsx";
import { GraphPanel } from "./panels/GraphPanel.tsx";
import { Inspector } from "./panels/Inspector.tsx";
import { NoticeToast } from "./panels/NoticeToast.tsx";
import { ProgramsPanel } from "./panels/ProgramsPanel.tsx";
import { StatusBar } from "./panels/StatusBar.tsx";
import { TimelineStrip } from "./panels/TimelineStrip.tsx";
import { TopBar } from "./panels/TopBar.tsx";
import { clearFilters } from "./store/actions.ts";
import { captureWords } from "./store/capture-words.ts";
import { changePreferences } from "./store/preferences.ts";
import { handleShortcut } from "./store/shortcuts.ts";
import { DEFAULT_PREFERENCES, useCollaborators, useSession, useView } from "./store/stores.ts";
import { useMatches } from "./store/use-matches.ts";

const LEFT_PX = { min: 200, max: 420 };
const RIGHT_PX = { min: 280, max: 560 };

export function App() {
  const collaborators = useCollaborators();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => handleShortcut(event, collaborators.view);
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [collaborators]);
  return (
    <Tooltip.Provider delayDuration={500}>
      <div className={styles.window}>
        <TopBar />
        <Banner />
        <Panes />
        <StatusBar />
        <NoticeToast />
      </div>
    </Tooltip.Provider>
  );
}

function Panes() {
  const { view } = useCollaborators();
  const leftPx = useView((state) => state.preferences.leftWidthPx);
  const rightPx = useView((state) => state.preferences.rightWidthPx);
  const hasSelection = useView((state) => state.selection !== null);
  const isEmpty = useSession((state) => state.graph.nodes.size === 0);
  // Nothing to list and nothing to inspect: the message has the window to itself.
  if (isEmpty) {
    return (
      <main className={styles.panes}>
        <Centre />
      </main>
    );
  }
  return (
    <main className={styles.panes}>
      <div className={styles.left} style={{ width: leftPx }}>
        {leftPx === 0 ? null : <ProgramsPanel />}
      </div>
      <Splitter
        label="Width of the programs list"
        side="left"
        widthPx={leftPx}
        minPx={LEFT_PX.min}
        maxPx={LEFT_PX.max}
        defaultPx={DEFAULT_PREFERENCES.leftWidthPx}
        onResize={(leftWidthPx) => changePreferences(view, { leftWidthPx })}
      />
      <Centre />
      <div className={styles.rightSplitter}>
        <Splitter
          label="Width of the inspector"
          side="right"
          widthPx={rightPx}
          minPx={RIGHT_PX.min}
          maxPx={RIGHT_PX.max}
          defaultPx={DEFAULT_PREFERENCES.rightWidthPx}
          onResize={(rightWidthPx) => changePreferences(view, { rightWidthPx })}
        />
      </div>
      <div className={styles.right} style={{ width: rightPx }} data-open={hasSelection}>
        {rightPx === 0 && !hasSelection ? null : <Inspector />}
      </div>
    </main>
  );
}

function Centre() {
  const view = useView((state) => state.view);
  const capture = useSession((state) => state.status?.capture);
  const isEmpty = useSession((state) => state.graph.nodes.size === 0);
  if (capture === undefined) return <div className={styles.centre} />;
  return (
    <div className={styles.centre}>
      <div className={styles.stage}>
        {isEmpty ? <CaptureScreen words={captureWords(capture)} /> : view === "graph" ? <GraphPanel /> : <EdgeTable />}
        {isEmpty ? null : <NothingMatches />}
      </div>
      {isEmpty ? null : <TimelineStrip />}
    </div>
  );
}

function NothingMatches() {
  const collaborators = useCollaborators();
  const matches = useMatches();
  if (matches === null || matches.nodes.size > 0) return null;
  return (
    <div className={styles.nothing} role="status" data-testid="nothing-matches">
      <p>Nothing matches the search or the filter.</p>
      <Button onClick={() => clearFilters(collaborators)}>Show everything</Button>
    </div>
  );
}
