import { PageHead, useWords } from "#ui/index.ts";
import styles from "./moment.module.css";
import { momentWords } from "./moment.words.ts";
import { OpenMoments } from "./open-moments.tsx";

/** The moments that are open beside the present. */
export function MomentsPage() {
  const say = useWords(momentWords);
  return (
    <>
      <PageHead title={say.title} />
      <div className={styles.part}>
        <OpenMoments />
      </div>
    </>
  );
}
