import { DragDropContext, type DropResult } from "@hello-pangea/dnd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  mayOn,
  part,
  Piece,
  Skeletons,
  Trouble,
  useLanguage,
  useSession,
  useWords,
  type CrmRecord,
  type Filter,
  type Module,
} from "#ui/index.ts";
import { fieldNamed } from "#features/fields/web/index.ts";
import styles from "./board.module.css";
import { boardOf } from "./board-query.ts";
import { boardWords } from "./board.words.ts";
import { Column } from "./column.tsx";
import { useMove } from "./use-move.ts";

/** Its date and number fields are fetched when the first card is picked up, not before the board is seen. */
const CloseDialog = part(() => import("./close-dialog.tsx"));

type Props = { module: Module; filter: Filter | undefined; openId: string | undefined };
type Drop = { card: CrmRecord; stage: string; index: number };

/** Opportunities in columns by stage; a card is moved by hand or by keyboard. */
export default function Board({ module, filter, openId }: Props) {
  const say = useWords(boardWords);
  const language = useLanguage();
  const session = useSession();
  const query = useQuery(boardOf(filter));
  const move = useMove(module, filter);
  const [closing, setClosing] = useState<Drop>();
  if (query.isError && !query.data)
    return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data)
    return (
      <div style={{ padding: "0 18px" }}>
        <Skeletons rows={8} height={28} />
      </div>
    );

  const { stages } = query.data;
  const choices = fieldNamed(module, "stage")?.choices ?? [];
  const most = Math.max(1, ...stages.map(({ count }) => count));
  const drop = ({ draggableId, source, destination }: DropResult) => {
    if (!destination || destination.droppableId === source.droppableId) return;
    const card = stages.flatMap(({ items }) => items).find(({ id }) => id === draggableId);
    if (!card) return;
    const stage = destination.droppableId;
    const outcome = choices.find(({ value }) => value === stage)?.outcome;
    if (outcome === "won" || outcome === "lost") setClosing({ card, stage, index: destination.index });
    else void move(card, stage, destination.index);
  };
  return (
    <DragDropContext
      onDragStart={() => void CloseDialog.preload()}
      onDragEnd={drop}
      dragHandleUsageInstructions={say.drag}
    >
      <div className={styles.board} role="group" aria-label={say.board}>
        {stages.map((stage) => (
          <Column
            key={stage.stage}
            module={module}
            stage={stage}
            name={choices.find(({ value }) => value === stage.stage)?.words[language] ?? stage.stage}
            share={stage.count / most}
            openId={openId}
            mayMove={(card) => mayOn(session, module.name, "edit", card)}
          />
        ))}
      </div>
      {closing && (
        <Piece floating>
          <CloseDialog
            module={module}
            {...closing}
            onClose={() => setClosing(undefined)}
            onMove={(values) => {
              setClosing(undefined);
              void move(closing.card, closing.stage, closing.index, values);
            }}
          />
        </Piece>
      )}
    </DragDropContext>
  );
}
