import Cards from "@cloudscape-design/components/cards";
import { Page } from "../../components/Page";
import { PageLink } from "../../components/PageLink";
import { SERVICES } from "../../app/services";

export function Home() {
  return (
    <Page title="Console home" crumbs={[{ text: "Console home", href: "/" }]}>
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
