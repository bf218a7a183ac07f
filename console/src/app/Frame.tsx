// What stands around every page: search, region and account above; the service's navigation left; the lab's guide right.
import AppLayout from "@cloudscape-design/components/app-layout";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import SideNavigation from "@cloudscape-design/components/side-navigation";
import TopNavigation, { type TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import { type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { useLabDrawer } from "../labs/useLabDrawer";
import { setRegion, setSession, useSession } from "../session/session";
import { switchBack } from "../session/switch";
import { useShownCrumbs } from "./breadcrumbs";
import { Notifications } from "./notifications";
import { REGIONS } from "./regions";
import { Search } from "./Search";
import { SERVICES } from "./services";
import { chooseMode, modeChoice, useDark } from "./theme";
import { visit } from "./visited";

export function Frame({ children }: { children: ReactNode }) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const crumbs = useShownCrumbs();
  const [open, setOpen] = useState(true);
  const byHand = useNavigationClicked();
  const lab = useLabDrawer();
  const service = SERVICES.find(({ id }) => id === pathname.split("/")[1]);
  const { account } = useSession().identity;
  const id = service?.id;
  useEffect(() => {
    if (id !== undefined) visit(account, id);
  }, [account, id]);
  const Control = service?.navigationControl;
  const follow = (event: CustomEvent<{ href?: string; external?: boolean }>) => {
    const { href, external } = event.detail;
    if (href === undefined || external === true) return;
    event.preventDefault();
    void navigate(href);
  };
  return (
    <>
      <div id="top">
        <TopNavigation
          identity={{ href: "/console/", title: "Cloudchamber", onFollow: (event) => { event.preventDefault(); void navigate("/"); } }}
          search={<Search />}
          utilities={useUtilities()}
        />
      </div>
      <AppLayout
        headerSelector="#top"
        navigationHide={service === undefined}
        navigationOpen={open}
        onNavigationChange={({ detail }) => {
          if (detail.open || byHand() || isNarrow()) setOpen(detail.open);
        }}
        navigation={
          service !== undefined && (
            <SideNavigation
              header={{ text: service.title, href: `/${service.id}` }}
              items={service.navigation}
              itemsControl={Control !== undefined && <Suspense fallback={null}><Control /></Suspense>}
              activeHref={activeHref(service.navigation, [pathname, ...crumbs.map(({ href }) => href).reverse()])}
              onFollow={follow}
            />
          )
        }
        breadcrumbs={
          crumbs.length > 1 && <BreadcrumbGroup items={crumbs.map((crumb) => ({ ...crumb }))} onFollow={follow} ariaLabel="Breadcrumbs" />
        }
        notifications={<Notifications />}
        stickyNotifications
        toolsHide
        drawers={lab.drawers}
        activeDrawerId={lab.active}
        onDrawerChange={({ detail }) => lab.show(detail.activeDrawerId)}
        content={children}
      />
    </>
  );
}

/** Narrower than this, the navigation covers the page, and AppLayout closes it by itself. */
const NARROW = 900;
const isNarrow = () => window.innerWidth < NARROW;

/** Whether a button of the navigation is being clicked. AppLayout also closes the navigation by itself, at times when there is room for it. */
function useNavigationClicked(): () => boolean {
  const clicked = useRef(false);
  useEffect(() => {
    const note = ({ target }: MouseEvent) => {
      clicked.current = target instanceof Element && target.closest("nav button") !== null;
    };
    window.addEventListener("click", note, true);
    return () => window.removeEventListener("click", note, true);
  }, []);
  return () => clicked.current;
}

/** The navigation's link that leads nearest to the page: by the page's own address, or by the crumbs that lead to it. */
function activeHref(items: readonly { type?: string; href?: string; items?: unknown }[], addresses: readonly string[]): string {
  const hrefs: string[] = [];
  const collect = (some: typeof items) => {
    for (const item of some) {
      if (item.href !== undefined) hrefs.push(item.href);
      if (Array.isArray(item.items)) collect(item.items as typeof items);
    }
  };
  collect(items);
  for (const address of addresses) {
    const [nearest] = hrefs.filter((href) => address === href || address.startsWith(`${href}/`)).sort((a, b) => b.length - a.length);
    if (nearest !== undefined) return nearest;
  }
  return "";
}

function useUtilities(): TopNavigationProps.Utility[] {
  const navigate = useNavigate();
  const { identity, region, switchedFrom } = useSession();
  const dark = useDark();
  const account = identity.account.replace(/^(\d{4})(\d{4})(\d{4})$/, "$1-$2-$3");
  return [
    {
      type: "button",
      iconName: dark ? "star-filled" : "star",
      ariaLabel: dark ? "Use light mode" : "Use dark mode",
      title: dark ? "Light mode" : "Dark mode",
      onClick: () => chooseMode(dark ? "light" : "dark"),
    },
    {
      type: "menu-dropdown",
      text: region,
      ariaLabel: `Region: ${region}`,
      items: REGIONS.map(([id, name]) => ({ id, text: name, description: id })),
      onItemClick: ({ detail }) => setRegion(detail.id),
    },
    {
      type: "menu-dropdown",
      text: `${identity.name} @ ${identity.alias ?? account}`,
      title: identity.arn,
      description: `Account ID: ${account}`,
      items: [
        { id: "credentials", text: "Security credentials" },
        { id: "switch", text: "Switch role" },
        ...(switchedFrom === undefined ? [] : [{ id: "back", text: `Switch back to ${switchedFrom.identity.name}` }]),
        ...(modeChoice() === "browser" ? [] : [{ id: "browser", text: "Use the browser's color mode" }]),
        { id: "out", text: "Sign out" },
      ],
      onItemClick: ({ detail }) => {
        if (detail.id === "credentials") void navigate("/iam/security-credentials");
        if (detail.id === "switch") void navigate("/switchrole");
        if (detail.id === "back") switchBack();
        if (detail.id === "browser") chooseMode("browser");
        if (detail.id === "out") {
          setSession(undefined);
          void navigate("/signin");
        }
      },
    },
  ];
}
