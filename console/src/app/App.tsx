import { I18nProvider } from "@cloudscape-design/components/i18n";
import messages from "@cloudscape-design/components/i18n/messages/all.en";
import Spinner from "@cloudscape-design/components/spinner";
import { lazy, Suspense } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { Home } from "../services/home/Home";
import { SignIn } from "../session/SignIn";
import { useMaybeSession } from "../session/session";
import { Frame } from "./Frame";
import { Lost } from "./Lost";
import { Crashed } from "./Crashed";
import { SERVICES } from "./services";
import { useChangeFeed } from "../live/feed";
import { useTheme } from "./theme";

const SwitchRole = lazy(() => import("../session/SwitchRole"));

export function App() {
  useTheme();
  useChangeFeed();
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <Pages />
    </I18nProvider>
  );
}

function Pages() {
  const session = useMaybeSession();
  const { pathname, search } = useLocation();
  if (session === undefined && pathname !== "/signin") {
    return <Navigate to={`/signin?to=${encodeURIComponent(pathname + search)}`} replace />;
  }
  if (session === undefined) return <SignIn />;
  return (
    // What one identity typed or opened is not left on the screen of another.
    <Frame key={`${session.identity.arn} ${session.region}`}>
      <Crashed key={pathname}>
        <Suspense fallback={<Spinner size="large" />}>
          <Routes>
            <Route path="/" element={<Home />} />
            <Route path="/signin" element={<AfterSignIn />} />
            <Route path="/switchrole" element={<SwitchRole />} />
            {SERVICES.flatMap((service) =>
              service.pages.map(({ path, page: Page }) => (
                <Route key={`${service.id}/${path}`} path={`/${service.id}/${path}`} element={<Page />} />
              )),
            )}
            <Route path="*" element={<Lost />} />
          </Routes>
        </Suspense>
      </Crashed>
    </Frame>
  );
}

function AfterSignIn() {
  const to = new URLSearchParams(useLocation().search).get("to");
  // Only a path of the console itself: a link must not lead who signs in elsewhere.
  return <Navigate to={to !== null && /^\/(?![/\\])/.test(to) && !to.startsWith("/signin") ? to : "/"} replace />;
}
