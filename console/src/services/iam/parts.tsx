// What several pages of IAM share.
import type { Tag as IamTag } from "@aws-sdk/client-iam";
import type { Crumb } from "../../app/breadcrumbs";
import { readTags, writtenTags } from "../../aws/tags";
import { Tags } from "../../components/Tags";
import { type Kind, type Owner, pathOf } from "./identity";

const LISTS: Record<Kind, Crumb> = {
  user: { text: "Users", href: "/iam/users" },
  group: { text: "User groups", href: "/iam/groups" },
  role: { text: "Roles", href: "/iam/roles" },
};

export const IAM: Crumb = { text: "IAM", href: "/iam" };
export const POLICIES: Crumb = { text: "Policies", href: "/iam/policies" };

export function listCrumbs(kind: Kind): Crumb[] {
  return [IAM, LISTS[kind]];
}

export function crumbsOf(owner: Owner): Crumb[] {
  return [IAM, LISTS[owner.kind], { text: owner.name, href: pathOf(owner) }];
}

/** The tags of a user, role or policy; IAM has operations for each kind. */
export function IamTags({ tags, tag, untag }: {
  tags: readonly IamTag[] | undefined;
  tag: (tags: IamTag[]) => Promise<unknown>;
  untag: (keys: string[]) => Promise<unknown>;
}) {
  return <Tags tags={readTags(tags)} tag={(some) => tag(writtenTags(some))} untag={untag} />;
}

/** `3 days ago`, as IAM's lists say times; a dash where there is none. */
export function ago(time: Date | undefined, none = "–"): string {
  if (time === undefined) return none;
  const minutes = Math.max(0, Math.floor((Date.now() - time.getTime()) / 60_000));
  const days = Math.floor(minutes / 1440);
  if (days > 0) return `${days} ${days === 1 ? "day" : "days"} ago`;
  const hours = Math.floor(minutes / 60);
  if (hours > 0) return `${hours} ${hours === 1 ? "hour" : "hours"} ago`;
  return minutes === 0 ? "Now" : `${minutes} ${minutes === 1 ? "minute" : "minutes"} ago`;
}
