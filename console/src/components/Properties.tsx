import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import type { ReactNode } from "react";

/** Names and values of one resource. Empty values are shown as a dash. */
export function Properties({ of, columns = 3 }: { of: readonly (readonly [string, ReactNode])[]; columns?: number }) {
  return (
    <KeyValuePairs
      columns={columns}
      items={of.map(([label, value]) => ({ label, value: value === undefined || value === null || value === "" ? "–" : value }))}
    />
  );
}

/** A text that people copy: an ARN, an id, a URL. */
export function Copyable({ text }: { text: string | undefined }) {
  if (text === undefined || text === "") return <>–</>;
  return <CopyToClipboard variant="inline" textToCopy={text} copyButtonAriaLabel={`Copy ${text}`} copySuccessText="Copied" copyErrorText="Cannot copy" />;
}
