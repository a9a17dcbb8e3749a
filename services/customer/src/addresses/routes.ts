import { withCaller } from "@food/shared/auth/guard";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { requirePostalCode } from "@food/shared/values/fields";
import { newId } from "@food/shared/values/id";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { Address, AddressPage, AddressParams, ChangeAddress, NewAddress } from "./schema.ts";
import type { AddressStore } from "./store.ts";

export interface AddressRouteDeps {
  addresses: AddressStore;
}

const detail = detailOf("addresses");

export const addressRoutes = ({ addresses }: AddressRouteDeps) =>
  new Elysia({ name: "addresses" })
    .use(withCaller())
    .get(
      "/v1/customers/me/addresses",
      async ({ caller, status }) => status(200, { items: await addresses.list(caller.id), nextCursor: null }),
      {
        response: { 200: AddressPage },
        detail: detail("My addresses", "All of them, in the order in which they were added."),
      },
    )
    .post(
      "/v1/customers/me/addresses",
      async ({ caller, body, status }) => {
        requirePostalCode(body, "");
        return status(201, await addresses.add(caller.id, { addressId: newId("adr"), ...body }));
      },
      {
        body: NewAddress,
        response: { 201: Address, 409: problems("TOO_MANY_ADDRESSES"), 422: Problem },
        detail: detail(
          "Add an address",
          "At most 20. The position decides who delivers there; in countries that have postal codes one is needed.",
        ),
      },
    )
    .patch(
      "/v1/customers/me/addresses/:addressId",
      async ({ caller, params, body, status }) =>
        status(200, await addresses.change(caller.id, params.addressId, body)),
      {
        params: AddressParams,
        body: ChangeAddress,
        response: { 200: Address, 404: problems("ADDRESS_NOT_FOUND"), 422: Problem },
        detail: detail("Change an address", "Orders that were placed keep the address as it was."),
      },
    )
    .delete(
      "/v1/customers/me/addresses/:addressId",
      async ({ caller, params, status }) => {
        await addresses.remove(caller.id, params.addressId);
        return status(204, undefined);
      },
      {
        params: AddressParams,
        response: { 204: Type.Void(), 404: problems("ADDRESS_NOT_FOUND") },
        detail: detail("Delete an address", "Orders that were placed keep it."),
      },
    );
