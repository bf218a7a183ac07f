import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import { ReadFailed } from "./ReadFailed";

/** One group of a resource's settings, with "Edit" where it can be edited: a path of the console, or what it does. */
export function SettingsBox({ title, description, edit, actions, error, children }: {
  title: string;
  description?: ReactNode;
  edit?: string | (() => void);
  actions?: ReactNode;
  error?: unknown;
  children: ReactNode;
}) {
  const navigate = useNavigate();
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={description}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {actions}
              {edit !== undefined && (
                <Button ariaLabel={`Edit ${title}`} onClick={() => (typeof edit === "string" ? void navigate(edit) : edit())}>Edit</Button>
              )}
            </SpaceBetween>
          }
        >
          {title}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <ReadFailed error={error} what={title.toLowerCase()} />
        {(error === null || error === undefined) && <>{children}</>}
      </SpaceBetween>
    </Container>
  );
}
