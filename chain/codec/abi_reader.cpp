// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/abi_reader.hpp"

#include "chain/codec/abi_word.hpp"

#include <algorithm>
#include <string>

namespace plimsoll::codec {

Hash32 AbiReader::word() noexcept {
    Hash32 out;
    if (!ok()) return out;
    if (left() < kAbiWord) {
        reject("the data ends too early");
        return out;
    }
    const BytesView source = data_.subspan(position_, kAbiWord);
    std::copy(source.begin(), source.end(), out.bytes.begin());
    position_ += kAbiWord;
    return out;
}

U256 AbiReader::u256() noexcept {
    return word().as_u256();
}

Address AbiReader::address() noexcept {
    const Hash32 value = word();
    const Address out = Address::from_word(value);
    if (out.to_word() != value) reject("an address with more than 20 bytes");
    return ok() ? out : Address{};
}

bool AbiReader::boolean() noexcept {
    const U256 value = u256();
    if (value > U256{1}) reject("a bool that is neither 0 nor 1");
    return ok() && value == U256{1};
}

std::uint64_t AbiReader::u64() noexcept {
    const U256 value = u256();
    if (!value.fits64()) reject("a number above 64 bits");
    return ok() ? value.low64() : 0;
}

u128 AbiReader::u128_value() noexcept {
    const U256 value = u256();
    if (!value.fits128()) reject("a number above 128 bits");
    return ok() ? value.low128() : u128{0};
}

U256 AbiReader::signed_word(bool& negative) noexcept {
    const U256 value = u256();
    negative = value.bit(255);
    return negative ? wrapping_sub(U256{}, value) : value;
}

std::size_t AbiReader::offset() noexcept {
    const U256 value = u256();
    if (!value.fits64() || value.low64() > data_.size()) reject("an offset outside of the data");
    return ok() ? static_cast<std::size_t>(value.low64()) : 0;
}

AbiReader AbiReader::dynamic() noexcept {
    const std::size_t start = offset();
    AbiReader out{ok() ? data_.subspan(start) : BytesView{}};
    out.absorb(*this);
    return out;
}

BytesView AbiReader::bytes() noexcept {
    AbiReader content = dynamic();
    const std::uint64_t size = content.u64();
    if (content.ok() && size > content.left()) content.reject("bytes longer than the data");
    absorb(content);
    return ok() ? content.data_.subspan(kAbiWord, static_cast<std::size_t>(size)) : BytesView{};
}

std::string_view AbiReader::text() noexcept {
    const BytesView raw = bytes();
    return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

std::size_t AbiReader::length() noexcept {
    const std::uint64_t count = u64();
    if (ok() && count > left() / kAbiWord) reject("an array longer than the data");
    if (!ok()) return 0;
    data_ = data_.subspan(position_);
    position_ = 0;
    return static_cast<std::size_t>(count);
}

void AbiReader::skip(std::size_t words) noexcept {
    if (!ok()) return;
    if (words > left() / kAbiWord) {
        reject("the data ends too early");
        return;
    }
    position_ += words * kAbiWord;
}

void AbiReader::absorb(const AbiReader& nested) noexcept {
    if (!nested.ok()) reject(nested.failure_);
}

void AbiReader::reject(const char* why) noexcept {
    if (ok()) failure_ = why;
}

Result<void> AbiReader::finish(std::string_view what) const {
    if (ok()) return {};
    return fail(Errc::malformed_reply, std::string{what} + ": " + failure_ + ", at byte " +
                                           std::to_string(position_) + " of " + std::to_string(data_.size()));
}

}  // namespace plimsoll::codec
