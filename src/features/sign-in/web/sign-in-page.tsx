import { Anchor } from "@mantine/core";
import { useEffect } from "react";
import { Panel, useWords } from "#ui/index.ts";
import { SignInForm } from "./sign-in-form.tsx";
import styles from "./sign-in.module.css";
import { signInWords } from "./sign-in.words.ts";

type Props = {
  /** Whose session has just ended here. */
  name: string | undefined;
  onSignedIn: () => void;
  onOtherLanguage: () => void;
};

export function SignInPage({ name, onSignedIn, onOtherLanguage }: Props) {
  const say = useWords(signInWords);
  useEffect(() => {
    document.title = `${say.title} · Strongroom`;
  }, [say.title]);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.brand}>
          <img src="/icon.svg" width={20} height={20} alt="" />
          Strongroom
        </div>
        <h1>{name === undefined ? say.title : say.again}</h1>
        {name !== undefined && <p className="quiet">{say.againHint}</p>}
        <Panel>
          <SignInForm name={name ?? ""} onSignedIn={onSignedIn} />
        </Panel>
        <div className={`${styles.foot} quiet`}>
          <span>{say.promise}</span>
          <Anchor component="button" type="button" inherit onClick={onOtherLanguage}>
            {say.otherLanguage}
          </Anchor>
        </div>
      </div>
    </main>
  );
}
