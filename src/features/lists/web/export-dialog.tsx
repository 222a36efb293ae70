import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import {
  ApiError,
  askFile,
  Box,
  commonWords,
  LineCount,
  recordCount,
  Refused,
  saveFile,
  tellDone,
  useFormats,
  useLanguage,
  useSession,
  useWords,
  type Count,
  type Field,
  type Filter,
  type Module,
} from "#ui/index.ts";
import { exportWords } from "./export.words.ts";
import { columnsAsked } from "./use-record-rows.ts";

type Props = {
  module: Module;
  fields: Field[];
  filter: Filter | undefined;
  sort: string;
  onClose: () => void;
};

/** Says how many records the file will hold, and of how many, before it is made. */
export default function ExportDialog({ module, fields, filter, sort, onClose }: Props) {
  const say = useWords(exportWords);
  const sayCommon = useWords(commonWords);
  const language = useLanguage();
  const formats = useFormats();
  const [rows, setRows] = useState(0);
  const ending = useRef<AbortController>(null);
  useEffect(() => () => ending.current?.abort(), []);
  const many = module.words[language].many.toLowerCase();
  const columns = columnsAsked(module, fields);
  const making = useMutation({
    mutationFn: async () => {
      ending.current = new AbortController();
      const count = new LineCount();
      setRows(0);
      const onBytes = (bytes: Uint8Array) => {
        count.add(bytes);
        setRows(Math.max(0, count.lines - 1));
      };
      const asked = {
        ...(filter && { filter: JSON.stringify(filter) }),
        sort,
        columns: columns.join(","),
      };
      const file = await askFile(`/api/${module.path}/export`, asked, {
        signal: ending.current.signal,
        onBytes,
      });
      saveFile(file, `${module.path}.csv`);
      return count.lines - 1;
    },
    onSuccess: (saved) => {
      tellDone(say.saved(formats.number(saved), many, `${module.path}.csv`), language);
      onClose();
    },
  });
  const isCut = making.error instanceof ApiError && making.error.code === "cut";
  return (
    <Modal opened onClose={onClose} title={say.title(many)} size={440}>
      <Stack>
        <Covered module={module} filter={filter} columns={columns.length} />
        {making.isPending && <span role="status">{say.soFar(formats.number(rows))}</span>}
        {isCut ? (
          <Box tone="bad" role="alert">
            {say.cut(formats.number(rows))}
          </Box>
        ) : (
          <Refused error={making.error} />
        )}
        <Group justify="flex-end">
          <Button onClick={onClose}>{sayCommon.cancel}</Button>
          <Button variant="filled" data-autofocus loading={making.isPending} onClick={() => making.mutate()}>
            {say.export}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** What the file will hold; less than the list where the right to export is narrower. */
function Covered({ module, filter, columns }: Pick<Props, "module" | "filter"> & { columns: number }) {
  const say = useWords(exportWords);
  const language = useLanguage();
  const formats = useFormats();
  const rights = useSession().rights[module.name];
  const listed = useQuery(recordCount(module, { filter }));
  const exported = useQuery(recordCount(module, { filter, for: "export" }));
  if (listed.error ?? exported.error) return <Refused error={listed.error ?? exported.error} />;
  if (!listed.data || !exported.data) return <span className="quiet">{say.counting}</span>;
  const number = ({ count, exact }: Count) =>
    exact ? formats.number(count) : say.about(formats.number(count));
  const many = module.words[language].many.toLowerCase();
  const isLess = rights?.export !== rights?.view && exported.data.count < listed.data.count;
  return (
    <>
      {isLess ? (
        <Box tone="warn" role="status">
          {say.some(number(exported.data), number(listed.data), rights?.export === "group" ? "group" : "own")}
        </Box>
      ) : (
        <span>{say.all(number(exported.data), many)}</span>
      )}
      <span className="quiet">{say.how(formats.number(columns))}</span>
    </>
  );
}
