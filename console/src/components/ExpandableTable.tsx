// A table whose rows open to show more over their whole width, which Cloudscape's own table cannot.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { Fragment, type ReactNode, useState } from "react";

const LINE = "1px solid color-mix(in srgb, currentColor 20%, transparent)";

export function ExpandableTable<T>({ title, description, items, id, label, columns, actions, detail, empty, selectable = () => true, pagination }: {
  title: string;
  description?: ReactNode;
  items: readonly T[];
  id: (item: T) => string;
  /** What a row is called when it is selected or opened. */
  label: (item: T) => string;
  columns: readonly { header: string; cell: (item: T) => ReactNode }[];
  /** Buttons for what is selected; without any, rows are not selected. */
  actions?: (selected: readonly T[]) => ReactNode;
  detail: (item: T) => ReactNode;
  empty: ReactNode;
  selectable?: (item: T) => boolean;
  /** Above the rows, where `items` is one page of them. */
  pagination?: ReactNode;
}) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [open, setOpen] = useState<readonly string[]>([]);
  const toggle = (some: readonly string[], one: string) => (some.includes(one) ? some.filter((other) => other !== one) : [...some, one]);
  const selected = items.filter((item) => chosen.includes(id(item)));
  const pad = { padding: "6px 8px", textAlign: "left" as const, borderBottom: LINE };
  return (
    <Container header={<Header variant="h2" {...(pagination === undefined && { counter: `(${items.length})` })} description={description} actions={actions?.(selected) ?? pagination}>{title}</Header>}>
      {items.length === 0 ? <Box textAlign="center" padding="l">{empty}</Box> : (
        <table aria-label={title} style={{ width: "100%", borderCollapse: "collapse" }}>
          <thead>
            <tr>
              {actions !== undefined && <th style={{ ...pad, width: 24 }}><span aria-hidden="true" /></th>}
              <th style={{ ...pad, width: 24 }}><span aria-hidden="true" /></th>
              {columns.map(({ header }) => <th key={header} scope="col" style={pad}><Box variant="strong">{header}</Box></th>)}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => {
              const key = id(item);
              const shown = open.includes(key);
              return (
                <Fragment key={key}>
                  <tr>
                    {actions !== undefined && (
                      <td style={pad}>
                        <Checkbox checked={chosen.includes(key)} disabled={!selectable(item)} ariaLabel={`Select ${label(item)}`} onChange={() => setChosen(toggle(chosen, key))} />
                      </td>
                    )}
                    <td style={pad}>
                      <Button variant="icon" iconName={shown ? "caret-down-filled" : "caret-right-filled"} ariaLabel={`${shown ? "Collapse" : "Expand"} ${label(item)}`} ariaExpanded={shown} onClick={() => setOpen(toggle(open, key))} />
                    </td>
                    {columns.map(({ header, cell }) => <td key={header} style={pad}>{cell(item)}</td>)}
                  </tr>
                  {shown && <tr><td colSpan={columns.length + (actions === undefined ? 1 : 2)} style={{ ...pad, padding: "12px 40px" }}>{detail(item)}</td></tr>}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      )}
    </Container>
  );
}
