import {
  CircleDot,
  FileJson,
  FileText,
  FolderOpen,
  Monitor,
  Moon,
  Play,
  Share,
  Sparkles,
  Square,
  Sun,
  Table2,
  Waypoints,
} from "lucide-react";
import { DropdownMenu, ToggleGroup } from "radix-ui";
import type { CaptureState, Preferences } from "../../contract/ipc-schema.ts";
import { Button } from "../components/Button.tsx";
import { IconButton } from "../components/IconButton.tsx";
import { Logo } from "../components/Logo.tsx";
import menu from "../components/Menu.module.css";
import { command, exportReport, open, startRecording } from "../store/actions.ts";
import { changePreferences } from "../store/preferences.ts";
import { useCollaborators, useSession, useView } from "../store/stores.ts";
import styles from "./TopBar.module.css";

export function TopBar() {
  return (
    <header className={styles.bar}>
      <div className={styles.brand}>
        <Logo size={20} />
        <span className={styles.name}>Telltale</span>
      </div>
      <ViewSwitch />
      <div className={styles.actions}>
        <CaptureButtons />
        <ExportMenu />
        <ThemeButton />
      </div>
    </header>
  );
}

function ViewSwitch() {
  const { view: store } = useCollaborators();
  const view = useView((state) => state.view);
  return (
    <ToggleGroup.Root
      type="single"
      className={styles.switch}
      value={view}
      onValueChange={(value) => {
        if (value === "graph" || value === "table") store.setState({ view: value });
      }}
      aria-label="View"
    >
      <ToggleGroup.Item value="graph" className={styles.choice} data-testid="view-graph" title="Graph (g)">
        <Waypoints size={14} strokeWidth={1.9} aria-hidden="true" /> Graph
      </ToggleGroup.Item>
      <ToggleGroup.Item value="table" className={styles.choice} data-testid="view-table" title="Table (t)">
        <Table2 size={14} strokeWidth={1.9} aria-hidden="true" /> Table
      </ToggleGroup.Item>
    </ToggleGroup.Root>
  );
}

const isBusy = (capture: CaptureState): boolean =>
  capture.mode === "waiting-for-permission" || capture.mode === "starting";

function CaptureButtons() {
  const collaborators = useCollaborators();
  const capture = useSession((state) => state.status?.capture);
  if (capture === undefined) return null;
  if (capture.mode === "live") {
    const isRecording = capture.recordingFile !== null;
    return (
      <>
        <Button
          icon={CircleDot}
          aria-pressed={isRecording}
          className={isRecording ? (styles.recording ?? "") : ""}
          onClick={() => void (isRecording ? command(collaborators, "stopRecording") : startRecording(collaborators))}
          data-testid="record"
        >
          {isRecording ? "Stop recording" : "Record"}
        </Button>
        <Button icon={Square} onClick={() => void command(collaborators, "stopCapture")} data-testid="stop-capture">
          Stop
        </Button>
      </>
    );
  }
  return (
    <>
      <OpenMenu />
      <Button
        isPrimary={capture.mode === "stopped" || capture.mode === "replaying"}
        icon={Play}
        disabled={isBusy(capture)}
        onClick={() => void command(collaborators, "startCapture")}
      >
        Watch
      </Button>
    </>
  );
}

function OpenMenu() {
  const collaborators = useCollaborators();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button icon={FolderOpen}>Open</Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.content} align="end" sideOffset={6} collisionPadding={8}>
          <DropdownMenu.Item className={menu.item} onSelect={() => void open(collaborators, "openRecording")}>
            <FolderOpen size={15} aria-hidden="true" /> Recording
          </DropdownMenu.Item>
          <DropdownMenu.Item className={menu.item} onSelect={() => void open(collaborators, "openDemo")}>
            <Sparkles size={15} aria-hidden="true" /> Demo
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function ExportMenu() {
  const collaborators = useCollaborators();
  const isEmpty = useSession((state) => state.graph.nodes.size === 0);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button icon={Share} disabled={isEmpty} data-testid="export-report">
          Export report
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.content} align="end" sideOffset={6} collisionPadding={8}>
          <DropdownMenu.Item
            className={menu.item}
            onSelect={() => void exportReport(collaborators, "html")}
            data-testid="export-html"
          >
            <FileText size={15} aria-hidden="true" /> For reading <span className={menu.hint}>HTML</span>
          </DropdownMenu.Item>
          <DropdownMenu.Item
            className={menu.item}
            onSelect={() => void exportReport(collaborators, "json")}
            data-testid="export-json"
          >
            <FileJson size={15} aria-hidden="true" /> For programs <span className={menu.hint}>JSON</span>
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const THEMES = [
  { theme: "system", label: "Like the system", icon: Monitor },
  { theme: "light", label: "Light", icon: Sun },
  { theme: "dark", label: "Dark", icon: Moon },
] as const satisfies readonly { theme: Preferences["theme"]; label: string; icon: typeof Sun }[];

function ThemeButton() {
  const { view } = useCollaborators();
  const current = useView((state) => state.preferences.theme);
  const icon = THEMES.find((each) => each.theme === current)?.icon ?? Monitor;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <IconButton icon={icon} label="Theme" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.content} align="end" sideOffset={6} collisionPadding={8}>
          <DropdownMenu.RadioGroup value={current}>
            {THEMES.map(({ theme, label, icon: Icon }) => (
              <DropdownMenu.RadioItem
                key={theme}
                value={theme}
                className={menu.item}
                onSelect={() => changePreferences(view, { theme })}
              >
                <Icon size={15} aria-hidden="true" /> {label}
                {theme === current ? <span className={menu.hint}>●</span> : null}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
