import Alert from "@cloudscape-design/components/alert";
import { useLocation } from "react-router";
import { PageLink } from "../components/PageLink";

export function Lost() {
  const { pathname } = useLocation();
  return (
    <Alert type="warning" header="There is no such page">
      The console has no page {pathname}. <PageLink href="/">Console home</PageLink>
    </Alert>
  );
}
