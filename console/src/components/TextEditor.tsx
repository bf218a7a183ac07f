// The editor for policies, templates and code: Ace, fetched when the first one is shown.
import CodeEditor, { type CodeEditorProps } from "@cloudscape-design/components/code-editor";
import { useEffect, useState } from "react";

type Ace = CodeEditorProps["ace"];
let loaded: Ace;

async function load(): Promise<Ace> {
  const ace = (await import("ace-builds/src-noconflict/ace")).default;
  // Modes and themes are bundled, and there are no workers: the page's policy forbids code from elsewhere.
  await Promise.all([
    import("ace-builds/src-noconflict/ext-language_tools"),
    import("ace-builds/src-noconflict/ext-searchbox"),
    import("ace-builds/src-noconflict/snippets/javascript"),
    import("ace-builds/src-noconflict/snippets/json"),
    import("ace-builds/src-noconflict/snippets/python"),
    import("ace-builds/src-noconflict/snippets/text"),
    import("ace-builds/src-noconflict/snippets/yaml"),
    import("ace-builds/src-noconflict/mode-json"),
    import("ace-builds/src-noconflict/mode-text"),
    import("ace-builds/src-noconflict/mode-yaml"),
    import("ace-builds/src-noconflict/mode-python"),
    import("ace-builds/src-noconflict/mode-javascript"),
    import("ace-builds/src-noconflict/theme-cloud_editor"),
    import("ace-builds/src-noconflict/theme-cloud_editor_dark"),
  ]);
  ace.config.set("basePath", "/console/assets");
  ace.config.set("useWorker", false);
  ace.config.set("loadWorkerFromBlob", false);
  return ace as Ace;
}

/** Shows and edits a text. `height` in pixels. Where `onChange` is left out it cannot be edited. */
export function TextEditor({ value, language, onChange, label, height = 320 }: {
  value: string;
  language: "json" | "yaml" | "python" | "javascript" | "text";
  onChange?: (value: string) => void;
  label: string;
  height?: number;
}) {
  const [ace, setAce] = useState<Ace>(loaded);
  const [preferences, setPreferences] = useState<CodeEditorProps.Preferences>();
  useEffect(() => {
    if (loaded === undefined) void load().then((module) => {
      loaded = module;
      setAce(module);
    });
  }, []);
  return (
    <CodeEditor
      ace={ace}
      loading={ace === undefined}
      value={value}
      language={language}
      ariaLabel={label}
      editorContentHeight={height}
      preferences={preferences}
      onPreferencesChange={({ detail }) => setPreferences(detail)}
      themes={{ light: ["cloud_editor"], dark: ["cloud_editor_dark"] }}
      // Not onDelayedChange: who saves at once saves what the editor shows.
      onChange={({ detail }) => onChange?.(detail.value)}
    />
  );
}

/** JSON with indentation; the text itself where it is none. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
