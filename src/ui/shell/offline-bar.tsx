import { useConnected } from "../api/connection.ts";
import { commonWords } from "../words/common.words.ts";
import { useWords } from "../words/words.ts";
import styles from "./shell.module.css";

/** Says that there is no connection, as long as there is none, and what waits for it. */
export function OfflineBar({ waiting }: { waiting: number }) {
  const say = useWords(commonWords);
  const connected = useConnected();
  return (
    <div role="status" className={styles.offline} data-shown={!connected}>
      {!connected && say.offlineNow}
      {!connected && waiting > 0 && ` ${say.changesWait(waiting)}`}
    </div>
  );
}
