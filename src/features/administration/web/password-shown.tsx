import { Button, CopyButton, Group, Modal, Stack } from "@mantine/core";
import { commonWords, useWords } from "#ui/index.ts";
import styles from "./administration.module.css";
import { adminWords } from "./administration.words.ts";

/** A generated password, shown this one time. It closes only when asked to. */
export function PasswordShown({
  name,
  password,
  onClose,
}: {
  name: string;
  password: string;
  onClose: () => void;
}) {
  const say = useWords(adminWords);
  const sayCommon = useWords(commonWords);
  return (
    <Modal opened onClose={onClose} title={say.passwordOf(name)} closeOnClickOutside={false} zIndex={400}>
      <Stack>
        <output className={styles.password}>{password}</output>
        <span className="quiet">{say.shownOnce}</span>
        <Group justify="flex-end">
          <CopyButton value={password}>
            {({ copied, copy }) => <Button onClick={copy}>{copied ? say.copied : say.copy}</Button>}
          </CopyButton>
          <Button variant="filled" onClick={onClose}>
            {sayCommon.close}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
