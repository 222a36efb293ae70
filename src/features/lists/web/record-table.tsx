import { useMediaQuery } from "@mantine/hooks";
import { useRouter } from "@tanstack/react-router";
import { useMemo, useRef, type CSSProperties, type ReactNode } from "react";
import {
  Skeletons,
  Trouble,
  useLanguage,
  type Asked,
  type CrmRecord,
  type Field,
  type Module,
} from "#ui/index.ts";
import { useListSearch } from "#features/address/web/index.ts";
import { columnTemplate, phoneTemplate } from "./column-template.ts";
import { phoneColumns } from "./columns.ts";
import styles from "./lists.module.css";
import { RecordRow } from "./record-row.tsx";
import { TableHeader } from "./table-header.tsx";
import { useRecordRows } from "./use-record-rows.ts";
import { useRowKeys } from "./use-row-keys.ts";

type Props = {
  module: Module;
  fields: Field[];
  asked: Asked;
  openId: string | undefined;
  onOpen: (id: string, edit: boolean, replace: boolean) => void;
  /** Absent where there is one order only. */
  onSort?: (sort: string | null) => void;
  empty: ReactNode;
  renderAction?: (record: CrmRecord) => ReactNode;
};

const anId = "00000000-0000-0000-0000-000000000000";

/** The addresses of all rows differ in their ids only, so one is built for all. */
function useHrefs(module: Module): (id: string) => string {
  const router = useRouter();
  const search = useListSearch();
  return useMemo(() => {
    const params = { module: module.path, id: anId };
    const { href } = router.buildLocation({
      to: "/$module/$id",
      params,
      search: { ...search, edit: undefined },
    });
    return (id) => href.replace(anId, id);
  }, [router, module.path, search]);
}

/** A table of a module's records, as wide as its columns need, or in three columns on a phone. */
export default function RecordTable(props: Props) {
  const { module, asked, onSort, empty, renderAction } = props;
  const language = useLanguage();
  const phone = useMediaQuery("(max-width: 760px)", undefined, { getInitialValueInEffect: false });
  const scroll = useRef<HTMLDivElement>(null);
  const { query, records, rows, visible } = useRecordRows(module, props.fields, asked, scroll);
  const withAction = renderAction !== undefined;
  const fields = phone ? phoneColumns(props.fields).slice(0, withAction ? 2 : 3) : props.fields;
  const template = phone
    ? phoneTemplate(fields, withAction)
    : columnTemplate(module, fields, language, withAction);
  const reveal = (index: number) => visible.scrollToIndex(index);
  const active = useRowKeys({ records, openId: props.openId, onOpen: props.onOpen, scroll, reveal });
  const hrefOf = useHrefs(module);
  const retry = () => void query.refetch();

  if (query.isError && records.length === 0) return <Trouble error={query.error} onRetry={retry} />;
  return (
    <div className={styles.scroll} ref={scroll}>
      <div
        className={styles.table}
        style={{ "--columns": template } as CSSProperties}
        role="table"
        aria-label={module.words[language].many}
        aria-rowcount={query.hasNextPage ? -1 : rows.length + 1}
      >
        <TableHeader fields={fields} sort={asked.sort} onSort={onSort} withAction={withAction} />
        {query.isPending && (
          <div style={{ padding: "0 12px" }}>
            <Skeletons rows={18} height={14} />
          </div>
        )}
        {!query.isPending && records.length === 0 && empty}
        <div className={styles.rows} role="rowgroup" style={{ height: visible.getTotalSize() }}>
          {visible.getVirtualItems().map(({ index, start }) => {
            const record = rows[index]?.original;
            if (!record) return null;
            return (
              <RecordRow
                key={record.id}
                module={module}
                fields={fields}
                record={record}
                index={index}
                top={start}
                isOpen={record.id === props.openId}
                isActive={index === active}
                onOpen={props.onOpen}
                hrefOf={hrefOf}
                renderAction={renderAction}
              />
            );
          })}
        </div>
        {query.isFetchNextPageError && <Trouble error={query.error} onRetry={retry} />}
      </div>
    </div>
  );
}
