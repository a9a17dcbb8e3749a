// Addresses are stored in their customer's document. Every query names the customer, so no other customer's address can
// be reached.

import { notDeleted } from "@food/shared/accounts/deletion/deletion";
import type { Contact } from "@food/shared/contracts/order";
import { hasPostalCodes } from "@food/shared/values/codes";
import { conflict, notFound } from "@food/shared/values/errors";
import { postalCodeRequired } from "@food/shared/values/fields";
import type { Collection } from "mongodb";
import type { CustomerDocument } from "../customers/store.ts";
import type { Address, ChangeAddress } from "./schema.ts";

export type AddressStore = ReturnType<typeof addressStore>;

export const ADDRESSES_MAX = 20;

const noSuchAddress = () => notFound("ADDRESS_NOT_FOUND", "There is no such address.");

export function addressStore(customers: Collection<CustomerDocument>) {
  const own = (customerId: string, addressId: string) => ({
    _id: customerId,
    "addresses.addressId": addressId,
  });

  /** For a change to a country with postal codes: matches only an address that has one. */
  const ownWithCode = (customerId: string, addressId: string) => ({
    _id: customerId,
    addresses: { $elemMatch: { addressId, postalCode: { $exists: true } } },
  });

  async function list(customerId: string): Promise<Address[]> {
    const found = await customers.findOne({ _id: customerId }, { projection: { addresses: 1 } });
    return found?.addresses ?? [];
  }

  return {
    list,

    /** An address and the contact of its customer. Undefined where missing. */
    async findDoor(
      customerId: string,
      addressId: string,
    ): Promise<{ address: Address | undefined; contact: Contact | undefined; closingAt?: Date }> {
      const projection = { addresses: 1, name: 1, phone: 1, closingAt: 1 } as const;
      const found = await customers.findOne({ _id: customerId, ...notDeleted }, { projection });
      const address = found?.addresses.find((one) => one.addressId === addressId);
      const contact = found && { name: found.name, ...(found.phone && { phone: found.phone }) };
      return {
        address,
        contact: contact ?? undefined,
        ...(found?.closingAt && { closingAt: found.closingAt }),
      };
    },

    /** Throws 409 when the customer has the maximum number of addresses. */
    async add(customerId: string, address: Address): Promise<Address> {
      const { matchedCount } = await customers.updateOne(
        { _id: customerId, ...notDeleted, [`addresses.${ADDRESSES_MAX - 1}`]: { $exists: false } },
        { $push: { addresses: address } },
      );
      if (matchedCount === 0)
        throw conflict(
          "TOO_MANY_ADDRESSES",
          `An account has at most ${ADDRESSES_MAX} addresses. Delete one first.`,
        );
      return address;
    },

    /** Throws 404, and 422 when the changed address needs a postal code and has none. */
    async change(customerId: string, addressId: string, change: ChangeAddress): Promise<Address> {
      const $set = Object.fromEntries(
        Object.entries(change).map(([name, value]) => [`addresses.$.${name}`, value]),
      );
      const needsCode =
        change.country !== undefined && change.postalCode === undefined && hasPostalCodes(change.country);
      const changed = await customers.findOneAndUpdate(
        needsCode ? ownWithCode(customerId, addressId) : own(customerId, addressId),
        { $set },
        { returnDocument: "after", projection: { addresses: 1 } },
      );
      const address = changed?.addresses.find((candidate) => candidate.addressId === addressId);
      if (address) return address;
      const isThere =
        needsCode && (await list(customerId)).some((candidate) => candidate.addressId === addressId);
      throw isThere ? postalCodeRequired("") : noSuchAddress();
    },

    async remove(customerId: string, addressId: string): Promise<void> {
      const { matchedCount } = await customers.updateOne(own(customerId, addressId), {
        $pull: { addresses: { addressId } },
      });
      if (matchedCount === 0) throw noSuchAddress();
    },
  };
}
