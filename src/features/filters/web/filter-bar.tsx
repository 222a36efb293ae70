import { Button, CloseButton, Popover, Stack, UnstyledButton } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { part, Piece, Skeletons, useWords, type Condition, type Filter, type Module } from "#ui/index.ts";
import { newCondition } from "./new-condition.ts";
import { conditionsIn, useConditionText } from "./filter-text.ts";
import styles from "./filters.module.css";
import { filterWords } from "./filters.words.ts";
import { allOf, isComplete, isCondition, partsOf } from "./operators.ts";

const ConditionEditor = part(() => import("./condition-editor.tsx"));
const Builder = part(() => import("./filter-builder.tsx"));

type Props = {
  module: Module;
  filter: Filter | undefined;
  onChange: (filter: Filter | undefined) => void;
  children?: ReactNode;
};

/** The filters in force as chips; each can be changed, taken away, or grouped with and/or. */
export function FilterBar({ module, filter, onChange, children }: Props) {
  const say = useWords(filterWords);
  const [building, setBuilding] = useState(false);
  const parts = partsOf(filter);
  const put = (index: number, part: Filter | undefined) =>
    onChange(allOf(part ? parts.with(index, part) : parts.toSpliced(index, 1)));
  return (
    <div className={styles.bar} role="group" aria-label={say.filter}>
      {parts.map((part, index) =>
        isCondition(part) ? (
          <ConditionChip
            key={`${index}-${part.field}`}
            module={module}
            condition={part}
            onChange={(next) => put(index, next)}
          />
        ) : (
          <GroupChip
            key={index}
            module={module}
            filter={part}
            onOpen={() => setBuilding(true)}
            onRemove={() => put(index, undefined)}
          />
        ),
      )}
      <AddChip module={module} onAdd={(condition) => onChange(allOf([...parts, condition]))} />
      <UnstyledButton className={styles.plain ?? ""} onClick={() => setBuilding(true)}>
        {say.build}
      </UnstyledButton>
      {parts.length > 1 && (
        <UnstyledButton className={styles.plain ?? ""} onClick={() => onChange(undefined)}>
          {say.clear}
        </UnstyledButton>
      )}
      {children}
      {building && (
        <Piece floating>
          <Builder module={module} filter={filter} onChange={onChange} onClose={() => setBuilding(false)} />
        </Piece>
      )}
    </div>
  );
}

type ChipProps = {
  module: Module;
  condition: Condition;
  onChange: (condition: Condition | undefined) => void;
};

function ConditionChip({ module, condition, onChange }: ChipProps) {
  const say = useWords(filterWords);
  const { subject, rest } = useConditionText(module, condition);
  return (
    <span className={styles.chip}>
      <EditPopover module={module} start={condition} onApply={onChange}>
        {subject} <b>{rest}</b>
      </EditPopover>
      <CloseButton
        size="xs"
        aria-label={say.removeFilter(`${subject} ${rest}`)}
        onClick={() => onChange(undefined)}
      />
    </span>
  );
}

function GroupChip({
  module,
  filter,
  onOpen,
  onRemove,
}: {
  module: Module;
  filter: Filter;
  onOpen: () => void;
  onRemove: () => void;
}) {
  const say = useWords(filterWords);
  const conditions = conditionsIn(filter);
  const kind = "or" in filter ? say.any : "not" in filter ? say.notThese : say.all;
  const first = conditions[0] ?? newCondition(module);
  const { subject, rest } = useConditionText(module, first);
  const others = conditions.length > 1 ? ` +${conditions.length - 1}` : "";
  return (
    <span className={styles.chip}>
      <UnstyledButton className={styles.inner ?? ""} onClick={onOpen}>
        {kind}: <b>{`${subject} ${rest}${others}`}</b>
      </UnstyledButton>
      <CloseButton size="xs" aria-label={say.removeFilter(kind)} onClick={onRemove} />
    </span>
  );
}

function AddChip({ module, onAdd }: { module: Module; onAdd: (condition: Condition) => void }) {
  const say = useWords(filterWords);
  return (
    <span className={styles.chip}>
      <EditPopover module={module} start={newCondition(module)} onApply={onAdd}>
        {say.addFilter}
      </EditPopover>
    </span>
  );
}

type PopoverProps = {
  module: Module;
  start: Condition;
  onApply: (condition: Condition) => void;
  children: ReactNode;
};

function EditPopover({ module, start, onApply, children }: PopoverProps) {
  const say = useWords(filterWords);
  const [opened, setOpened] = useState(false);
  const [condition, setCondition] = useState(start);
  const open = () => {
    setCondition(start);
    setOpened(true);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" width={300} trapFocus shadow="md">
      <Popover.Target>
        <UnstyledButton className={styles.inner ?? ""} onClick={opened ? () => setOpened(false) : open}>
          {children}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!isComplete(condition)) return;
            setOpened(false);
            onApply(condition);
          }}
        >
          <Stack gap="xs">
            <Piece waiting={<Skeletons rows={4} />}>
              <ConditionEditor module={module} condition={condition} onChange={setCondition} />
            </Piece>
            <Button type="submit" variant="filled" disabled={!isComplete(condition)}>
              {say.apply}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
