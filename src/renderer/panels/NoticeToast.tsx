/** The answer to an action: saved where, or why not. One at a time. */
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { Toast } from "radix-ui";
import { IconButton } from "../components/IconButton.tsx";
import { useCollaborators, useView } from "../store/stores.ts";
import styles from "./NoticeToast.module.css";

const SHOW_MS = 7000;

export function NoticeToast() {
  const { view } = useCollaborators();
  const notice = useView((state) => state.notice);
  const Icon = notice?.tone === "failed" ? CircleAlert : CircleCheck;
  return (
    <Toast.Provider duration={SHOW_MS} swipeDirection="right">
      {notice === null ? null : (
        <Toast.Root
          key={notice.id}
          className={styles.toast}
          onOpenChange={(isOpen) => {
            if (!isOpen) view.setState({ notice: null });
          }}
          data-testid="notice"
          data-tone={notice.tone}
        >
          <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
          <div className={styles.words}>
            <Toast.Title className={styles.title}>{notice.title}</Toast.Title>
            {notice.detail === null ? null : (
              <Toast.Description className={styles.detail}>{notice.detail}</Toast.Description>
            )}
          </div>
          <Toast.Close asChild>
            <IconButton icon={X} label="Close" />
          </Toast.Close>
        </Toast.Root>
      )}
      <Toast.Viewport className={styles.viewport} />
    </Toast.Provider>
  );
}
