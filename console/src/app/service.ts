// What a service brings to the console: its pages, its navigation, and what search finds of it.
import type { SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import type { ComponentType, LazyExoticComponent } from "react";

export interface Found {
  /** The resource's name. */
  label: string;
  /** Its page, such as `/s3/buckets/pictures`. */
  href: string;
  /** What it is: `S3 bucket`. */
  kind: string;
}

export interface ServicePages {
  /** The first segment of its pages' paths: `s3`. */
  id: string;
  /** As AWS users know it: `S3`. */
  title: string;
  /** One line: what it is for. */
  about: string;
  /** What else people type to find it. */
  keywords: readonly string[];
  /** The side navigation; hrefs are paths within the console, such as `/s3/buckets`. */
  navigation: readonly SideNavigationProps.Item[];
  /** What stands above the navigation's links, such as VPC's "Filter by VPC". */
  navigationControl?: LazyExoticComponent<ComponentType>;
  /** Paths relative to `/ID/`, as react-router writes them, with the page; "" is where the service's link leads. */
  pages: readonly { path: string; page: LazyExoticComponent<ComponentType> }[];
  /** Lists the resources that search offers; read when somebody first searches. */
  search?: () => Promise<Found[]>;
}
