import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  Box,
  recordAccess,
  Skeletons,
  useSession,
  useWords,
  type Access,
  type CrmRecord,
  type Module,
} from "#ui/index.ts";
import styles from "./record.module.css";
import { recordWords } from "./record.words.ts";

const because = {
  all: "becauseAll",
  unlimited: "becauseUnlimited",
  territory: "becauseTerritory",
  responsible: "becauseResponsible",
  second_responsible: "becauseSecond",
  group: "becauseGroup",
} as const;

/** Who sees the record and why: in one sentence, and by name when asked. */
export function AccessBox({ module, record }: { module: Module; record: CrmRecord }) {
  const say = useWords(recordWords);
  const { user } = useSession();
  const [opened, setOpened] = useState(false);
  const { data, isPending } = useQuery(recordAccess(module, record.id));
  const mine = data?.users.find(({ id }) => id === user.id);
  if (!isPending && !data) return null;
  return (
    <section aria-label={say.whoSees}>
      <Box>
        <strong>{say.whoSees}</strong>
        <br />
        {data ? <Summary access={data} /> : <Skeletons rows={1} />}
        {mine &&
          ` ${say.you(mine.because === "territory" ? say.becauseYourTerritory : say[because[mine.because]])}`}{" "}
        {data && (
          <Anchor
            component="button"
            type="button"
            inherit
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            {say.showAll}
          </Anchor>
        )}
        {opened && data && (
          <ul className={styles.people}>
            {data.users.map((person) => (
              <li key={person.id}>
                <span>
                  {person.name} <span className="quiet">{`${person.level.name} ${person.level.number}`}</span>
                </span>
                <span className="quiet">{say[because[person.because]]}</span>
              </li>
            ))}
            {data.total > data.users.length && (
              <li className="quiet">{say.andMore(data.total - data.users.length)}</li>
            )}
          </ul>
        )}
      </Box>
    </section>
  );
}

function Summary({ access }: { access: Access }) {
  const say = useWords(recordWords);
  const count = (reason: Access["users"][number]["because"]) => access.reasons[reason] ?? 0;
  const place = access.record.territory ? ` ${access.record.territory.name}` : "";
  const reasons = [
    count("territory") > 0 && say.byTerritory(count("territory"), place),
    count("responsible") > 0 && say.byResponsible(count("responsible")),
    count("second_responsible") > 0 && say.bySecond(count("second_responsible")),
    count("group") > 0 && say.byGroup(count("group")),
    count("unlimited") > 0 && say.byUnlimited(count("unlimited")),
    count("all") > 0 && say.byAll(count("all")),
  ].filter((reason) => reason !== false);
  return `${say.people(access.total)}: ${reasons.join(", ")}.`;
}
