import { Button, Group } from "@mantine/core";
import { useReason } from "../session/notices.tsx";
import { commonWords } from "../words/common.words.ts";
import { useWords } from "../words/words.ts";
import { Box } from "./boxes.tsx";

/** Why the last try was refused; nothing while there is no error. */
export function Refused({ error }: { error: unknown }) {
  const reason = useReason(error);
  if (!error) return null;
  return (
    <Box tone="bad" role="alert">
      {reason}
    </Box>
  );
}

type FootProps = {
  action: string;
  onCancel: () => void;
  busy?: boolean;
  disabled?: boolean;
  className?: string | undefined;
};

/** The end of every form: leave it, or send it. */
export function FormFoot({ action, onCancel, busy = false, disabled = false, className }: FootProps) {
  const say = useWords(commonWords);
  return (
    <Group justify="flex-end" className={className ?? ""}>
      <Button onClick={onCancel}>{say.cancel}</Button>
      <Button type="submit" variant="filled" loading={busy} disabled={disabled}>
        {action}
      </Button>
    </Group>
  );
}

/** Tells a password manager whose password a form sets; people know it already. */
export function UserName({ name }: { name: string }) {
  return <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />;
}
