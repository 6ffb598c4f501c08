// SPDX-License-Identifier: Apache-2.0
#include "strategy/venues/aave_v3/answers.hpp"

#include "chain/codec/abi_writer.hpp"

#include <string>

namespace plimsoll::strategy::aave_v3 {

Call plain_call(const Address& to, const codec::Selector& what) {
    return Call{to, codec::AbiWriter{what}.take()};
}

Call call_about(const Address& to, const codec::Selector& what, const Address& whom) {
    codec::AbiWriter writer{what};
    writer.address(whom);
    return Call{to, writer.take()};
}

const codec::CallResult& Answers::next() noexcept {
    const codec::CallResult& out = left_.front();
    left_ = left_.subspan(1);
    return out;
}

Result<codec::AbiReader> Answers::open(std::string_view what) {
    const codec::CallResult& answer = next();
    if (!answer.success) return fail(Errc::reverted, std::string{what} + " reverted");
    return codec::AbiReader{answer.data};
}

Result<Address> Answers::address(std::string_view what) {
    PLIMSOLL_TRY(codec::AbiReader reader, open(what));
    const Address out = reader.address();
    PLIMSOLL_CHECK(reader.finish(what));
    return out;
}

Result<U256> Answers::number(std::string_view what) {
    PLIMSOLL_TRY(codec::AbiReader reader, open(what));
    const U256 out = reader.u256();
    PLIMSOLL_CHECK(reader.finish(what));
    return out;
}

Result<u128> Answers::number128(std::string_view what) {
    PLIMSOLL_TRY(const U256 value, number(what));
    if (!value.fits128()) return fail(Errc::malformed_reply, std::string{what} + " exceeds 128 bits");
    return value.low128();
}

}  // namespace plimsoll::strategy::aave_v3
