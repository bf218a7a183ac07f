import Link, { type LinkProps } from "@cloudscape-design/components/link";
import { useNavigate } from "react-router";

/** A link to a page of the console. */
export function PageLink({ href, children, ...rest }: Omit<LinkProps, "href"> & { href: string }) {
  const navigate = useNavigate();
  return (
    <Link {...rest} href={`/console${href}`} onFollow={(event) => {
      if (event.detail.external === true) return;
      event.preventDefault();
      void navigate(href);
    }}>
      {children}
    </Link>
  );
}
