import { BROWSE_RULES, SearchPage, SearchQuery } from "@food/shared/contracts/browse";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { Elysia } from "elysia";
import { type SearchDeps, searchMenus } from "./search-menus.ts";

export const searchRoutes = (deps: SearchDeps) =>
  new Elysia({ name: "search" }).get(
    "/v1/search",
    async ({ query, status }) => status(200, await searchMenus(deps, query, new Date())),
    {
      query: SearchQuery,
      response: { 200: SearchPage, 400: problems("MALFORMED_CURSOR"), 422: Problem },
      detail: detailOf("browse")("Find dishes and restaurants as people type", BROWSE_RULES.search),
    },
  );
