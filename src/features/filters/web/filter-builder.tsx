import { Button, CloseButton, Group, Modal, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { commonWords, useWords, type Filter, type Module } from "#ui/index.ts";
import ConditionEditor from "./condition-editor.tsx";
import { newCondition } from "./new-condition.ts";
import styles from "./filters.module.css";
import { filterWords } from "./filters.words.ts";
import { allOf, isCondition } from "./operators.ts";

type Props = {
  module: Module;
  filter: Filter | undefined;
  onChange: (filter: Filter | undefined) => void;
  onClose: () => void;
};

/** The whole filter as a tree of groups: all of, any of, not. */
export default function FilterBuilder({ module, filter, onChange, onClose }: Props) {
  const say = useWords(filterWords);
  const sayCommon = useWords(commonWords);
  const [draft, setDraft] = useState<Filter>(() => asGroup(filter ?? { and: [newCondition(module)] }));
  return (
    <Modal opened onClose={onClose} size={760} title={say.builderTitle}>
      <GroupEditor module={module} filter={draft} onChange={setDraft} depth={0} />
      <Group justify="flex-end" mt="md">
        <Button onClick={onClose}>{sayCommon.cancel}</Button>
        <Button
          variant="filled"
          onClick={() => {
            onChange(allOf([draft]));
            onClose();
          }}
        >
          {say.apply}
        </Button>
      </Group>
    </Modal>
  );
}

const deepest = 4;
const asGroup = (filter: Filter): Filter => (isCondition(filter) ? { and: [filter] } : filter);

type Kind = "and" | "or" | "not";
type GroupProps = { module: Module; filter: Filter; onChange: (filter: Filter) => void; depth: number };

function GroupEditor({ module, filter, onChange, depth }: GroupProps) {
  const say = useWords(filterWords);
  const kind: Kind = "or" in filter ? "or" : "not" in filter ? "not" : "and";
  const parts = partsIn(filter);
  const put = (next: Filter[], as: Kind = kind) => onChange(grouped(as, next));
  return (
    <div
      className={styles.group}
      role="group"
      aria-label={say[kind === "and" ? "all" : kind === "or" ? "any" : "notThese"]}
    >
      <SegmentedControl
        size="xs"
        aria-label={say.match}
        value={kind}
        onChange={(next) => put(parts, next as Kind)}
        data={[
          { value: "and", label: say.all },
          { value: "or", label: say.any },
          { value: "not", label: say.notThese },
        ]}
      />
      {parts.map((part, index) => (
        <PartEditor
          key={index}
          module={module}
          part={part}
          depth={depth}
          onChange={(next) => put(next ? parts.with(index, next) : parts.toSpliced(index, 1))}
        />
      ))}
      <Group gap="xs">
        <Button variant="subtle" onClick={() => put([...parts, newCondition(module)])}>
          {say.addCondition}
        </Button>
        {depth < deepest && (
          <Button variant="subtle" onClick={() => put([...parts, { or: [newCondition(module)] }])}>
            {say.addGroup}
          </Button>
        )}
      </Group>
    </div>
  );
}

type PartProps = {
  module: Module;
  part: Filter;
  onChange: (part: Filter | undefined) => void;
  depth: number;
};

function PartEditor({ module, part, onChange, depth }: PartProps) {
  const sayCommon = useWords(commonWords);
  return (
    <div className={styles.part}>
      {isCondition(part) ? (
        <div className={styles.condition}>
          <ConditionEditor module={module} condition={part} onChange={onChange} />
        </div>
      ) : (
        <GroupEditor module={module} filter={part} onChange={onChange} depth={depth + 1} />
      )}
      <CloseButton aria-label={sayCommon.remove} onClick={() => onChange(undefined)} />
    </div>
  );
}

function partsIn(filter: Filter): Filter[] {
  if (isCondition(filter)) return [filter];
  if ("not" in filter) return "or" in filter.not ? filter.not.or : [filter.not];
  return "and" in filter ? filter.and : filter.or;
}

/** "Not" over several parts means that none of them holds. */
function grouped(kind: Kind, parts: Filter[]): Filter {
  if (kind === "or") return { or: parts };
  return kind === "not" ? { not: { or: parts } } : { and: parts };
}
