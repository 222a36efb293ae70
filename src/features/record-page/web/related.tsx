import { Button, Group } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import {
  may,
  recordPages,
  Skeletons,
  Trouble,
  useLanguage,
  useSession,
  useWords,
  type CrmRecord,
  type Field,
  type Filter,
  type Module,
} from "#ui/index.ts";
import { FieldValue, titleOf } from "#features/fields/web/index.ts";
import styles from "./record.module.css";
import { recordWords } from "./record.words.ts";

type Relation = { module: Module; field: Field };

/** The modules whose records point at this one: an organisation's persons, opportunities and activities. */
export function relationsTo(module: Module, modules: Module[]): Relation[] {
  return modules
    .filter((other) => other.name !== module.name)
    .flatMap((other) => {
      const field = other.fields.find(
        ({ type, module: target }) => type === "relation" && target === module.name,
      );
      return field ? [{ module: other, field }] : [];
    });
}

export function Related({ relation, to, record }: { relation: Relation; to: Module; record: CrmRecord }) {
  const { module, field } = relation;
  const say = useWords(recordWords);
  const language = useLanguage();
  const session = useSession();
  const navigate = useNavigate();
  const filter: Filter = { field: field.name, op: "in", value: [record.id] };
  const query = useInfiniteQuery(recordPages(module, { filter, sort: module.defaultSort }));
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const values = { [field.name]: { id: record.id, name: titleOf(to, record) } };
  const beside =
    module.fields.find(({ type }) => type === "choice") ?? module.fields.find(({ type }) => type === "email");
  return (
    <>
      <Group justify="space-between">
        {may(session, module.name, "create") ? (
          <Button
            onClick={() =>
              void navigate({
                to: ".",
                search: (now) => ({ ...now, create: { module: module.name, values } }),
              })
            }
          >
            {say.addRelated(module.words[language].one.toLowerCase())}
          </Button>
        ) : (
          <span />
        )}
        <Button
          variant="subtle"
          renderRoot={(props) => (
            <Link to="/$module" params={{ module: module.path }} search={{ filter }} {...props} />
          )}
        >
          {say.allInList}
        </Button>
      </Group>
      {query.isPending && <Skeletons rows={6} />}
      {query.isError && <Trouble error={query.error} />}
      {query.isSuccess && rows.length === 0 && <span className="quiet">{say.noneRelated}</span>}
      <ul className={styles.related}>
        {rows.map((row) => (
          <li key={row.id}>
            <Link to="/$module/$id" params={{ module: module.path, id: row.id }}>
              <span>{titleOf(module, row)}</span>
              <span className="quiet">
                {beside && <FieldValue field={beside} value={row[beside.name]} record={row} />}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button
          variant="subtle"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {say.more}
        </Button>
      )}
    </>
  );
}
