import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useFormats, useWords } from "#ui/index.ts";
import type { Moment } from "./moment-query.ts";
import styles from "./moment.module.css";
import { momentWords } from "./moment.words.ts";

/** Nobody who looks at the past may take it for the present. */
export function MomentBanner({ moment: { at, lastCommit, openUntil } }: { moment: Moment }) {
  const say = useWords(momentWords);
  const formats = useFormats();
  return (
    <div className={styles.banner} role="note">
      <IconHistory size={20} stroke={1.6} aria-hidden />
      <span>
        <strong>{say.banner(formats.exact(at))}</strong>{" "}
        {lastCommit !== null && say.lastCommit(formats.exact(lastCommit))}{" "}
        {say.staysUntil(formats.instant(openUntil))} <Link to="/moments">{say.others}</Link>
      </span>
      <Button renderRoot={(props) => <Link to="/" {...props} />}>{say.toPresent}</Button>
    </div>
  );
}
