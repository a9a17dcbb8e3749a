// Addresses live inside their customer's document: whoever reads or changes one names its owner too, so nobody
// else's can be reached.
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

  /** For a move to a country with postal codes: the address has one already. */
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

    /** One of the customer's addresses, and how to reach them there; each undefined when there is none. */
    async findDoor(
      customerId: string,
      addressId: string,
    ): Promise<{ address: Address | undefined; contact: Contact | undefined }> {
      const projection = { addresses: 1, name: 1, phone: 1 } as const;
      const found = await customers.findOne({ _id: customerId }, { projection });
      const address = found?.addresses.find((one) => one.addressId === addressId);
      const contact = found && { name: found.name, ...(found.phone && { phone: found.phone }) };
      return { address, contact: contact ?? undefined };
    },

    /** Throws 409 when the customer has as many as one may have. */
    async add(customerId: string, address: Address): Promise<Address> {
      const { matchedCount } = await customers.updateOne(
        { _id: customerId, [`addresses.${ADDRESSES_MAX - 1}`]: { $exists: false } },
        { $push: { addresses: address } },
      );
      if (matchedCount === 0)
        throw conflict(
          "TOO_MANY_ADDRESSES",
          `An account keeps at most ${ADDRESSES_MAX} addresses. Delete one first.`,
        );
      return address;
    },

    /** Throws 404, and 422 for an address that would lack the postal code of its country. */
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
