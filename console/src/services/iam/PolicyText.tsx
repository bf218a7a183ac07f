// A policy as it is read: its summary, and its text.
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { Code } from "../../components/Code";
import { ReadFailed } from "../../components/ReadFailed";
import { pretty } from "../../components/TextEditor";
import { PolicySummaryTable } from "./PolicySummary";

export function PolicyText({ text, error, edit, title, first = "summary" }: {
  text: string | undefined;
  error?: unknown;
  /** The page on which it is edited. */
  edit?: string;
  title: string;
  first?: "summary" | "json" | "both";
}) {
  const navigate = useNavigate();
  const [view, setView] = useState<string>(first);
  if (text === undefined) return <ReadFailed error={error} what="policy" />;
  return (
    <SpaceBetween size="m">
      <Header
        variant="h3"
        actions={
          <SpaceBetween direction="horizontal" size="xs" alignItems="center">
            <SegmentedControl
              selectedId={view}
              label="View of the policy"
              onChange={({ detail }) => setView(detail.selectedId)}
              options={[{ id: "summary", text: "Summary" }, { id: "json", text: "JSON" }, ...(first === "both" ? [{ id: "both", text: "Both" }] : [])]}
            />
            <CopyToClipboard textToCopy={pretty(text)} copyButtonText="Copy JSON" copyButtonAriaLabel={`Copy JSON of ${title}`} copySuccessText="Copied" copyErrorText="Cannot copy" />
            {edit !== undefined && <Button ariaLabel={`Edit ${title}`} onClick={() => void navigate(edit)}>Edit</Button>}
          </SpaceBetween>
        }
      >
        {title}
      </Header>
      {view !== "json" && <PolicySummaryTable text={text} />}
      {view !== "summary" && <Code>{pretty(text)}</Code>}
    </SpaceBetween>
  );
}
