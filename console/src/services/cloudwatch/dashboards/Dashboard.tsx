import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAct } from "../../../aws/queries";
import { FormModal } from "../../../components/FormModal";
import { LAST_THREE_HOURS, type Span } from "../../../components/metrics/span";
import { SpanPicker } from "../../../components/metrics/SpanPicker";
import { Page } from "../../../components/Page";
import { ReadFailed } from "../../../components/ReadFailed";
import { pretty, TextEditor } from "../../../components/TextEditor";
import { type Body, COLUMNS, placeOf, SIZE, titleOf, type Widget, withWidget } from "./body";
import { DeleteDashboards } from "./Dashboards";
import { dashboardPage, putDashboard, useDashboard } from "./read";
import { WidgetForm } from "./WidgetForm";
import { WidgetView } from "./WidgetView";

/** Pixels of a row, and of what stands around a widget's content. */
const ROW = 52;
const AROUND = 150;

export default function Dashboard() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  const read = useDashboard(name);
  const [span, setSpan] = useState<Span>(LAST_THREE_HOURS);
  const [asking, setAsking] = useState<"add" | "source" | "delete">();
  const [editing, setEditing] = useState<number>();
  const close = () => {
    setAsking(undefined);
    setEditing(undefined);
    save.reset();
  };
  const save = useAct({ what: "Save dashboard", run: (next: Body | string) => putDashboard(name, next), done: () => `Dashboard ${name} was saved.`, after: close, quiet: true });
  // Of a widget that is taken away there is no form that would show why it failed.
  const remove = useAct({ what: "Delete widget", run: (next: Body) => putDashboard(name, next), done: () => "The widget was deleted." });
  const body = read.data;
  const widgets = body?.widgets ?? [];
  const edited = editing === undefined ? undefined : widgets[editing];
  const replaced = (at: number, by: readonly Widget[]): Body => ({ ...body, widgets: widgets.flatMap((own, index) => (index === at ? by : [own])) });
  return (
    <Page
      title={name}
      crumbs={[{ text: "CloudWatch", href: "/cloudwatch" }, { text: "Dashboards", href: "/cloudwatch/dashboards" }, { text: name, href: dashboardPage(name) }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <SpanPicker value={span} onChange={setSpan} />
          <ButtonDropdown
            disabled={body === undefined} items={[{ id: "source", text: "View/edit source" }, { id: "delete", text: "Delete dashboard" }]}
            onItemClick={({ detail }) => setAsking(detail.id === "delete" ? "delete" : "source")}
          >
            Actions
          </ButtonDropdown>
          <Button variant="primary" disabled={body === undefined} onClick={() => setAsking("add")}>Add widget</Button>
        </SpaceBetween>
      }
    >
      <ReadFailed error={read.error} what="dashboard" />
      {body !== undefined && widgets.length === 0 && <Alert type="info">This dashboard is empty. Add a widget to see something here.</Alert>}
      <div style={{ display: "grid", gridTemplateColumns: `repeat(${COLUMNS}, minmax(0, 1fr))`, gridAutoRows: `${ROW}px`, gap: 12 }}>
        {widgets.map((widget, at) => {
          const title = titleOf(widget);
          return (
            <section key={at} aria-label={title} style={{ ...placeOf(widget), overflow: "auto" }}>
              <Container
                fitHeight
                header={
                  <Header
                    variant="h3"
                    actions={
                      <ButtonDropdown
                        variant="inline-icon" ariaLabel={`Actions of ${title}`} items={[{ id: "edit", text: "Edit", disabled: !["metric", "text", "alarm", "log"].includes(widget.type) }, { id: "delete", text: "Delete" }]}
                        onItemClick={({ detail }) => (detail.id === "edit" ? setEditing(at) : remove.mutate(replaced(at, [])))}
                      />
                    }
                  >
                    {title}
                  </Header>
                }
              >
                <WidgetView of={widget} span={span} height={Math.max(60, (widget.height ?? SIZE.height) * (ROW + 12) - AROUND)} />
              </Container>
            </section>
          );
        })}
      </div>
      {asking === "add" && body !== undefined && <WidgetForm busy={save.isPending} error={save.error} save={(widget) => save.mutate(withWidget(body, widget))} close={close} />}
      {editing !== undefined && edited !== undefined && <WidgetForm start={edited} busy={save.isPending} error={save.error} save={(widget) => save.mutate(replaced(editing, [widget]))} close={close} />}
      {asking === "source" && body !== undefined && <Source of={body} busy={save.isPending} error={save.error} save={(text) => save.mutate(text)} close={close} />}
      {asking === "delete" && <DeleteDashboards names={[name]} done={() => void navigate("/cloudwatch/dashboards")} close={close} />}
    </Page>
  );
}

function Source({ of, busy, error, save, close }: { of: Body; busy: boolean; error: Error | null; save: (text: string) => void; close: () => void }) {
  const [text, setText] = useState(() => pretty(JSON.stringify(of)));
  return (
    <FormModal title="Dashboard source" action="Update" size="max" busy={busy} error={error} onSubmit={() => save(text)} onCancel={close}>
      <TextEditor label="Dashboard source" language="json" value={text} onChange={setText} height={420} />
    </FormModal>
  );
}
