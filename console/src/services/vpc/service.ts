import type { ServicePages } from "../../app/service";

export const vpc: ServicePages = {
  id: "vpc",
  title: "VPC",
  about: "Networks and security groups",
  keywords: ["EC2", "security groups", "subnets"],
  navigation: [],
  pages: [],
};
