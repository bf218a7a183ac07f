import Cards from "@cloudscape-design/components/cards";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { SERVICES } from "../../app/services";
import { visited } from "../../app/visited";
import { useSession } from "../../session/session";

export function Home() {
  const { account } = useSession().identity;
  const recent = visited(account).flatMap((id) => SERVICES.find((service) => service.id === id) ?? []);
  return (
    <Page title="Console home" crumbs={[{ text: "Console home", href: "/" }]}>
      {recent.length > 0 && (
        <Container header={<Header variant="h2">Recently visited</Header>}>
          <nav aria-label="Recently visited">
            <SpaceBetween direction="horizontal" size="l">
              {recent.map(({ id, title }) => <PageLink key={id} href={`/${id}`}>{title}</PageLink>)}
            </SpaceBetween>
          </nav>
        </Container>
      )}
      <Cards
        items={[...SERVICES].sort((a, b) => a.title.localeCompare(b.title))}
        trackBy="id"
        cardDefinition={{
          header: ({ id, title }) => <PageLink href={`/${id}`} fontSize="heading-m">{title}</PageLink>,
          sections: [{ id: "about", content: ({ about }) => about }],
        }}
        cardsPerRow={[{ cards: 1 }, { minWidth: 500, cards: 2 }, { minWidth: 900, cards: 4 }]}
        ariaLabels={{ itemSelectionLabel: (_, { title }) => title, selectionGroupLabel: "Services" }}
      />
    </Page>
  );
}
