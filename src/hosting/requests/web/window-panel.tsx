import { ActionIcon, Group, SegmentedControl } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { Box, Panel, useFormats, useWords } from "#ui/index.ts";
import { Band } from "./band.tsx";
import { MarksList } from "./marks-list.tsx";
import styles from "./restore.module.css";
import type { Window } from "./restore-query.ts";
import { restoreWords } from "./restore.words.ts";
import { useSpan, type Zoom } from "./span.ts";

const half = 0.5;
const tones = ["added", "changed", "deleted"] as const;

export function WindowPanel({ window }: { window: Window }) {
  const say = useWords(restoreWords);
  const formats = useFormats();
  const { at, zoom, choose, look, move } = useSpan();
  const near = new Date(at ?? window.now);
  return (
    <Panel title={say.window}>
      <Group justify="space-between" mb="xs" gap="xs">
        <span className="quiet">
          {formats.exact(window.from)} – {formats.exact(window.to)}
        </span>
        <Group gap={6}>
          {zoom !== "all" && (
            <>
              <ActionIcon aria-label={say.earlier} onClick={() => move(-half)}>
                <IconChevronLeft size={16} />
              </ActionIcon>
              <ActionIcon
                aria-label={say.later}
                disabled={window.to >= window.now}
                onClick={() => move(half)}
              >
                <IconChevronRight size={16} />
              </ActionIcon>
            </>
          )}
          <SegmentedControl
            size="xs"
            aria-label={say.zoom}
            value={zoom}
            onChange={(next) => look(next as Zoom, near)}
            data={[
              { value: "all", label: say.all },
              { value: "day", label: say.day },
              { value: "hour", label: say.hour },
            ]}
          />
        </Group>
      </Group>
      {window.latest === null && <Box tone="warn">{say.noBase}</Box>}
      <Band window={window} at={at} onChoose={choose} onZoom={(moment) => look(nextZoom[zoom], moment)} />
      <div className={styles.legend}>
        <span>{say.hint}</span>
        <ul>
          {tones.map((tone) => (
            <li key={tone}>
              <i className={styles.dot} data-tone={tone} aria-hidden /> {say[tone]}
            </li>
          ))}
        </ul>
      </div>
      <MarksList window={window} onChoose={choose} />
    </Panel>
  );
}

const nextZoom: Record<Zoom, Zoom> = { all: "day", day: "hour", hour: "hour" };
