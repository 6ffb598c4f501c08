// SPDX-License-Identifier: Apache-2.0
#include "bot/executor_creation.hpp"

#include "bot/executor_artifact.hpp"
#include "chain/primitives/hex.hpp"
#include "chain/primitives/keccak.hpp"

#include <algorithm>

namespace plimsoll::bot {
namespace {

void append_word(Bytes& out, const Address& address) {
    append_bytes(out, address.to_word().bytes);
}

/// EIP-1014.
Address create2(const Hash32& salt, BytesView creation) {
    Bytes input{0xff};
    append_bytes(input, kCreationProxy.bytes);
    append_bytes(input, salt.bytes);
    append_bytes(input, keccak256(creation).bytes);
    return Address::from_word(keccak256(BytesView{input}));
}

}  // namespace

Result<ExecutorCreation> executor_creation(const ExecutorRoles& roles) {
    if (roles.owner.is_zero() || roles.receiver.is_zero())
        return fail(Errc::malformed_input, "owner and receiver of an Executor cannot be the zero address");
    PLIMSOLL_TRY(Bytes creation, parse_hex(executor_creation_hex()));
    append_word(creation, roles.owner);
    append_word(creation, roles.operator_address);
    append_word(creation, roles.receiver);
    const Hash32 salt = keccak256(std::string_view{"plimsoll.executor.v1"});
    ExecutorCreation out;
    out.address = create2(salt, creation);
    append_bytes(out.data, salt.bytes);
    append_bytes(out.data, creation);
    std::copy_n(salt.bytes.begin(), out.selector.size(), out.selector.begin());
    return out;
}

}  // namespace plimsoll::bot
