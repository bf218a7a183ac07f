// What a resource is related to: a drawing whose nodes are links, and the same as a list.
import type { ConfigurationItem, Relationship } from "@aws-sdk/client-config-service";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useNavigate } from "react-router";
import { PageLink } from "../../components/PageLink";
import { ResourceTable } from "../../components/ResourceTable";
import { resourceHref, typeName } from "./types";

const BOX = { width: 300, height: 44, gap: 14 };
const SPAN = 260;
/** More are in the list only. */
const MOST_DRAWN = 24;
/** Of lines and of what is said beside: the colour of the text around, which goes with the mode, made weaker. */
const FAINT = "color-mix(in srgb, currentColor 70%, transparent)";

export function Relationships({ of: item }: { of: ConfigurationItem }) {
  const related = item.relationships ?? [];
  const idOf = (own: Relationship) => `${own.relationshipName} ${own.resourceType} ${own.resourceId}`;
  return (
    <SpaceBetween size="l">
      {related.length > 0 && (
        <Container header={<Header variant="h2" description={related.length > MOST_DRAWN ? `The first ${MOST_DRAWN} of ${related.length}` : undefined}>Relationship graph</Header>}>
          <Graph of={item} related={related.slice(0, MOST_DRAWN)} />
        </Container>
      )}
      <ResourceTable
        title="Relationships" items={related} loading={false} id={idOf} empty="This resource has no relationships."
        columns={[
          { id: "name", header: "Relationship", cell: (own) => own.relationshipName?.trim(), value: (own) => own.relationshipName },
          { id: "type", header: "Resource type", cell: (own) => typeName(own.resourceType), value: (own) => typeName(own.resourceType) },
          { id: "id", header: "Resource identifier", cell: (own) => <PageLink href={resourceHref(own.resourceType, own.resourceId)}>{own.resourceId}</PageLink>, value: (own) => own.resourceId },
          { id: "resource-name", header: "Resource name", cell: (own) => own.resourceName ?? "–", value: (own) => own.resourceName },
        ]}
      />
    </SpaceBetween>
  );
}

function Graph({ of: item, related }: { of: ConfigurationItem; related: readonly Relationship[] }) {
  const height = related.length * (BOX.height + BOX.gap) + BOX.gap;
  const middle = height / 2;
  const left = BOX.width + SPAN;
  return (
    <div style={{ overflowX: "auto" }}>
      <svg width={left + BOX.width + 4} height={Math.max(height, BOX.height + 2 * BOX.gap)} role="group" aria-label={`Relationships of ${item.resourceId ?? ""}`} style={{ fontFamily: "inherit", color: "inherit" }}>
        {related.map((own, index) => {
          const y = BOX.gap + index * (BOX.height + BOX.gap) + BOX.height / 2;
          return (
            <g key={`${own.relationshipName} ${own.resourceId}`} aria-hidden="true">
              <path d={`M ${BOX.width + 2} ${middle} C ${BOX.width + SPAN / 2} ${middle}, ${BOX.width + 20} ${y}, ${left} ${y}`} fill="none" style={{ stroke: FAINT }} />
              <text x={left - 8} y={y - 6} textAnchor="end" fontSize="11" style={{ fill: FAINT }}>{own.relationshipName?.trim()}</text>
            </g>
          );
        })}
        <Node x={2} y={middle - BOX.height / 2} type={typeName(item.resourceType)} id={item.resourceName ?? item.resourceId ?? ""} self />
        {related.map((own, index) => (
          <Node
            key={`${own.relationshipName} ${own.resourceType} ${own.resourceId}`} x={left} y={BOX.gap + index * (BOX.height + BOX.gap)} type={typeName(own.resourceType)}
            id={own.resourceName ?? own.resourceId ?? ""} href={resourceHref(own.resourceType, own.resourceId)}
          />
        ))}
      </svg>
    </div>
  );
}

function Node({ x, y, type, id, href, self = false }: { x: number; y: number; type: string; id: string; href?: string; self?: boolean }) {
  const navigate = useNavigate();
  const short = id.length > 38 ? `${id.slice(0, 37)}…` : id;
  const box = (
    <>
      <title>{`${type} ${id}`}</title>
      <rect x={x} y={y} width={BOX.width} height={BOX.height} rx="8" style={{ fill: "transparent", stroke: self ? "currentColor" : FAINT, strokeWidth: self ? 2 : 1 }} />
      <text x={x + 12} y={y + 18} fontSize="11" style={{ fill: FAINT }}>{type}</text>
      <text x={x + 12} y={y + 34} fontSize="13" style={{ fill: "currentColor", textDecoration: href === undefined ? "none" : "underline" }}>{short}</text>
    </>
  );
  if (href === undefined) return <g>{box}</g>;
  return (
    <a href={`/console${href}`} aria-label={`${type} ${id}`} onClick={(event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void navigate(href);
    }}>
      {box}
    </a>
  );
}
